// SPDX-License-Identifier: Apache-2.0
// Pairs of texts of the same package.
#include "examples/data/debian_texts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "examples/data/deb822.h"
#include "examples/data/description_words.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr int most_words = 60, fewest_words = 8;

std::unordered_map<std::string, std::string> read_synopses(const std::filesystem::path& path,
                                                           const std::string& field) {
  std::unordered_map<std::string, std::string> synopses;
  Deb822Reader reader(path);
  Stanza stanza;
  while (reader.next(stanza)) {
    const std::string* md5 = stanza.find("Description-md5");
    const std::string* text = stanza.find(field);
    if (!md5 || !text)
      fail("{}: the stanza has no field \"{}\"", reader.position(stanza), md5 ? field : "Description-md5");
    if (utf8_error_offset(*text) < text->size()) fail("{}: {} is not valid UTF-8", reader.position(stanza), field);
    synopses.emplace(*md5, text->substr(0, text->find('\n')));
  }
  return synopses;
}

}  // namespace

std::vector<TextPair> debian_summaries(const std::vector<DebianPackage>& packages) {
  std::vector<TextPair> pairs;
  std::unordered_set<std::string> seen;
  for (const auto& package : first_of_each_source(packages)) {
    std::string text = first_words(package.description.substr(0, package.description.find('\n')), most_words);
    if (std::ranges::count(text, ' ') < fewest_words - 1 || package.synopsis.empty() || !seen.insert(text).second)
      continue;
    pairs.push_back({package.source, std::move(text), package.synopsis});
  }
  return pairs;
}

std::vector<TextPair> debian_translations(const std::vector<DebianPackage>& packages,
                                          const std::filesystem::path& folder, const std::string& language) {
  const auto file = folder / ("Translation-" + language);
  const auto synopses = read_synopses(file, "Description-" + language);
  std::vector<TextPair> pairs;
  std::unordered_set<std::string_view> seen;
  for (const auto& package : packages) {
    const auto found = synopses.find(package.description_md5);
    if (found == synopses.end() || found->second.empty() || found->second == package.synopsis) continue;
    if (!seen.insert(package.synopsis).second) continue;
    pairs.push_back({package.source, package.synopsis, found->second});
  }
  if (pairs.empty()) fail("{}: translates none of the packages' synopses", file.string());
  return pairs;
}

}  // namespace thaw
