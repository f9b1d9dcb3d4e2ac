// SPDX-License-Identifier: Apache-2.0
// Textual entailment on WordNet's glosses: does "a robin is small Old World songbird with a reddish breast" entail "it
// is a bird"?
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/data/wordnet.h"

namespace thaw {

struct EntailmentRow {
  std::string group;       // the last word of the lemma: rows are split by it
  std::string premise;     // "a LEMMA is GLOSS"
  std::string hypothesis;  // "it is a CLASS"
  bool entailed = false;
};

// Makes two rows, one entailed and one not, for each noun that is an animal, artefact, food, person or plant (not an
// instance of one), has a lower-case first lemma and a gloss of at least 4 words.
// - Entailed: CLASS is drawn from the 4 nearest ancestors among those that at least 8 of these nouns have.
// - Not entailed: CLASS is that of another noun, by a permutation of the nouns within each part of the data, so that
// every premise and
//   every hypothesis occurs as often with either answer: neither alone tells anything. It is never an ancestor or a
//   descendant, nor named like one. A noun whose class no other can take is left out.
// `part_of(group)` names the part (the split) of a group; the two rows of a noun follow each other, nouns are in random
// order.
std::vector<EntailmentRow> wordnet_nli(const std::vector<Synset>& synsets,
                                       const std::function<int(std::string_view)>& part_of, uint64_t seed);

}  // namespace thaw
