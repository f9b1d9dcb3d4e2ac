// SPDX-License-Identifier: Apache-2.0
// Chooses passages and marks their entities.
#include "examples/data/debian_entities.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "examples/data/bio_tags.h"
#include "examples/data/description_words.h"
#include "examples/data/named_things.h"
#include "examples/data/package_names.h"
#include "models/metrics/entities.h"

namespace thaw {
namespace {

constexpr int passage_words = 60;
constexpr size_t fewest_words = 5;
constexpr int kept_languages = 250;  // per mille
constexpr std::string_view left_out_section = "rust";

constexpr const char* licence_type = "LICENCE";
constexpr const char* package_type = "PACKAGE";
constexpr const char* language_type = "LANGUAGE";

// The passages of all descriptions in order, each once.
std::vector<Passage> passages_of(const std::vector<DebianPackage>& packages) {
  std::vector<Passage> passages;
  std::unordered_set<std::string> seen;
  const auto add = [&](const std::string& source, const std::string& text) {
    auto begin = first_words(text, passage_words);
    if (words_and_marks(begin).size() >= fewest_words && seen.insert(begin).second)
      passages.push_back({source, std::move(begin)});
  };
  for (const auto& package : packages) {
    if (package.section == left_out_section) continue;
    const auto& description = package.description;
    size_t end = std::min(description.find('\n'), description.size());
    add(package.source, package.synopsis + ". " + description.substr(0, end));
    while (end < description.size()) {
      const size_t begin = end + 1;
      end = std::min(description.find('\n', begin), description.size());
      add(package.source, description.substr(begin, end - begin));
    }
  }
  return passages;
}

std::vector<Entity> marked_entities(const std::vector<std::string>& words, const PackageNames& names) {
  std::vector<Entity> entities;
  for (size_t at = 0; at < words.size();) {
    if (const size_t count = licence_at(words, at)) {
      entities.push_back(entity_at(at, count, licence_type));
    } else if (const size_t length = language_at(words, at)) {
      entities.push_back(entity_at(at, length, language_type));
    } else if (names.source_of(words[at])) {
      entities.push_back(entity_at(at, 1, package_type));
    } else {
      ++at;
      continue;
    }
    at = static_cast<size_t>(entities.back().last) + 1;
  }
  return entities;
}

bool has(const std::vector<Entity>& entities, const char* type) {
  return std::any_of(entities.begin(), entities.end(), [&](const Entity& entity) { return entity.type == type; });
}

// The passages that become rows: all with a licence, and of each source the first with a package, else the first with a
// language. In order.
std::vector<Passage> chosen_passages(const std::vector<Passage>& passages, const PackageNames& names) {
  enum Rank { nothing, some_language, some_package, some_licence };
  std::vector<Rank> ranks;
  std::unordered_map<std::string, size_t> first_of;  // by source: with a package, else with a language
  for (size_t i = 0; i < passages.size(); ++i) {
    const auto entities = marked_entities(words_and_marks(passages[i].text), names);
    ranks.push_back(has(entities, licence_type)    ? some_licence
                    : has(entities, package_type)  ? some_package
                    : has(entities, language_type) ? some_language
                                                   : nothing);
    if (ranks[i] != some_package && ranks[i] != some_language) continue;
    const auto [place, is_new] = first_of.emplace(passages[i].source, i);
    if (!is_new && ranks[i] > ranks[place->second]) place->second = i;
  }
  std::vector<Passage> chosen;
  for (size_t i = 0; i < passages.size(); ++i) {
    const auto first = first_of.find(passages[i].source);
    const bool is_first = first != first_of.end() && first->second == i;
    const bool is_kept = ranks[i] != some_language || hash_mod_1000(passages[i].text) < kept_languages;
    if (ranks[i] == some_licence || (is_first && is_kept)) chosen.push_back(passages[i]);
  }
  return chosen;
}

std::string joined(const std::vector<std::string>& words, const Entity& entity) {
  std::string text;
  for (const auto& word : words_of_entity(words, entity)) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

std::vector<EntityRow> debian_entities(const std::vector<DebianPackage>& packages,
                                       const std::function<Split(std::string_view)>& part_of) {
  const auto passages = passages_of(packages);
  const PackageNames names(packages, passages);

  std::vector<EntityRow> rows;
  for (const auto& [source, text] : chosen_passages(passages, names)) {
    const auto words = words_and_marks(text);
    const auto entities = marked_entities(words, names);
    const bool holds_test_names = std::any_of(entities.begin(), entities.end(), [&](const Entity& entity) {
      if (entity.type == licence_type) return false;
      return part_of(entity.type == package_type ? *names.source_of(words[static_cast<size_t>(entity.begin)])
                                                 : in_small_letters(joined(words, entity))) == Split::test;
    });
    if (holds_test_names && part_of(source) != Split::test) continue;
    rows.push_back({source, words, bio_tags(entities, words.size())});
  }
  return rows;
}

}  // namespace thaw
