// SPDX-License-Identifier: Apache-2.0
// Draws pairs of texts for BERT's pretraining (Devlin et al. 2019, appendix A.2): sentences A of a piece of a text, and
// B, which are those that follow, or sentences of another text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/pretraining/documents.h"
#include "tensor/random_key.h"

namespace thaw {

// Classes of a pair, as BERT's checkpoints have them; of a text alone there is none.
constexpr int32_t is_next = 0, is_not_next = 1, no_relation = -100;

struct SentencePair {
  Documents::Range first, second;  // tokens of the documents
  int32_t relation = no_relation;
};

class SentencePairs {
 public:
  // room: most tokens of both together. std::runtime_error if all pieces are of the same text.
  SentencePairs(std::shared_ptr<const Documents> documents, size_t room);

  // The second parts of these examples (numbers of pieces) that do not follow come of each other from now on. Errors as
  // above.
  void draw_among(std::span<const int64_t> which);

  // Of a piece of two sentences or more, half of the pairs follow; one tenth is shorter than the piece, by a length
  // that is drawn. A is cut behind a sentence. Another B is of about as many tokens as the sentences that it stands
  // for, so that lengths tell nothing, and begins behind the first sentence of its piece, as those that follow do:
  // pieces of one sentence give none, unless those of more are of one text. A single sentence is never followed. A
  // function of example, its key in the epoch (epoch_draws.h; masks take the key's own stream, pairs the one behind it)
  // and the others of its draw_among().
  SentencePair operator()(int64_t example, RandomKey key) const;

 private:
  Documents::Range from_another(int64_t example, size_t wanted, size_t most, RandomKey key) const;

  std::shared_ptr<const Documents> documents_;
  size_t room_;
  std::vector<std::vector<int64_t>> circles_;  // what examples draw of that draw of one another
  std::vector<size_t> circle_of_;              // of each example
};

}  // namespace thaw
