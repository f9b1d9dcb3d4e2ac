// SPDX-License-Identifier: Apache-2.0
// The nouns of WordNet: what they mean and what they are kinds of (wndb(5WN)).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

// A set of nouns of one meaning.
struct Synset {
  int lexicographer_file =
      0;  // the subject: 5 animals, 6 artefacts, 13 food, 18 persons, 20 plants, ... (lexnames(5WN))
  std::vector<std::string> words;  // at least one; spaces between the words of a compound
  std::string gloss;               // the definition, with the examples if there are any
  std::vector<int> hypernyms;  // what this is a kind of, as indices of synsets (an instance, such as a city, has none)
};

// Reads a data.noun file, in its order. Throws std::runtime_error ("FILE:LINE: what is wrong").
std::vector<Synset> read_wordnet_nouns(const std::filesystem::path& path);

// The hypernyms of a synset, theirs, and so on: nearest first, each once, without the synset itself.
std::vector<int> wordnet_ancestors(const std::vector<Synset>& synsets, int synset);

}  // namespace thaw
