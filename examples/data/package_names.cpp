// SPDX-License-Identifier: Apache-2.0
// Names of packages by how they are used.
#include "examples/data/package_names.h"

#include <algorithm>
#include <unordered_set>

#include "examples/data/description_words.h"

namespace thaw {
namespace {

// Sources that have a word in their descriptions, and those of them that relate to the package of that name.
struct Use {
  std::unordered_set<std::string> sources, related;
};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Whether so many of `all` suffice for a name.
bool is_meant(const std::string& name, size_t related, size_t all) {
  constexpr size_t few = 5;
  if (std::all_of(name.begin(), name.end(), is_letter)) return 3 * related >= all;
  return 10 * related >= all || all <= few;
}

}  // namespace

PackageNames::PackageNames(const std::vector<DebianPackage>& packages, const std::vector<Passage>& passages) {
  std::unordered_map<std::string, std::string> all;
  const auto add = [&](const std::string& name, const std::string& source) {
    if (name.size() >= 2 && std::any_of(name.begin(), name.end(), is_letter)) all.emplace(name, source);
  };
  for (const auto& package : packages) add(package.name, package.source);
  for (const auto& package : packages) add(package.source, package.source);

  std::unordered_map<std::string, std::unordered_set<std::string>> relations;  // source -> sources
  for (const auto& package : packages) {
    auto& related = relations[package.source];
    related.insert(package.source);
    for (const auto& name : package.related) {
      if (const auto found = all.find(name); found != all.end()) related.insert(found->second);
    }
  }

  std::unordered_map<std::string, Use> uses;
  for (const auto& [source, text] : passages) {
    const auto& related = relations[source];
    for (const auto& word : words_and_marks(text)) {
      const auto found = all.find(in_small_letters(word));
      if (found == all.end()) continue;
      auto& use = uses[found->first];
      use.sources.insert(source);
      if (related.contains(found->second)) use.related.insert(source);
    }
  }
  for (const auto& [name, use] : uses) {
    if (is_meant(name, use.related.size(), use.sources.size())) sources_.emplace(name, all.at(name));
  }
}

const std::string* PackageNames::source_of(const std::string& word) const {
  const auto found = sources_.find(in_small_letters(word));
  return found == sources_.end() ? nullptr : &found->second;
}

}  // namespace thaw
