// SPDX-License-Identifier: Apache-2.0
// Words by number, and pairs as texts.
#include "examples/data/pretraining_baselines.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "examples/data/neighbour_words.h"
#include "examples/data/pair_cosines.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/pretraining/texts.h"

namespace thaw {
namespace {

// Words of a text or a pair by number, and for each token which of them it belongs to.
struct NumberedWords {
  std::vector<uint32_t> words;
  std::vector<size_t> of_token;
};

// Gives a word its number by its tokens. A token of no word (a special or an unknown one) is an edge.
class WordNumbers {
 public:
  NumberedWords operator()(std::span<const int32_t> ids, std::span<const int32_t> words) {
    NumberedWords numbered;
    for (size_t begin = 0; begin < ids.size();) {
      size_t end = begin + 1;
      while (words[begin] >= 0 && end < ids.size() && words[end] == words[begin]) ++end;
      numbered.of_token.resize(end, numbered.words.size());
      numbered.words.push_back(words[begin] < 0 ? NeighbourWords::edge : number(ids.subspan(begin, end - begin)));
      begin = end;
    }
    return numbered;
  }

 private:
  uint32_t number(std::span<const int32_t> tokens) {
    const auto next = static_cast<uint32_t>(numbers_.size() + 1);
    return numbers_.try_emplace(std::vector<int32_t>(tokens.begin(), tokens.end()), next).first->second;
  }

  std::map<std::vector<int32_t>, uint32_t> numbers_;
};

NeighbourWords learn(const Documents& documents, WordNumbers& numbers) {
  std::vector<std::vector<uint32_t>> texts;
  for (const Piece& piece : documents.pieces()) {
    const Documents::Range range = documents.tokens(piece.first, piece.end);
    texts.push_back(numbers(documents.ids().subspan(range.begin, range.size()),
                            documents.words().subspan(range.begin, range.size()))
                        .words);
  }
  return NeighbourWords(texts);
}

// All tokens of a masked word are masked. Its neighbours are given as they are, though they may be masked themselves.
void judge(const NeighbourWords& known, const PretrainingText& text, WordNumbers& numbers,
           PretrainingBaselines& found) {
  const NumberedWords numbered = numbers(text.text.ids, text.words);
  const std::vector<uint32_t>& words = numbered.words;
  size_t judged = words.size();
  for (const MaskedToken& mask : text.masks) {
    const size_t word = numbered.of_token[static_cast<size_t>(mask.place)];
    if (word == judged) continue;
    judged = word;
    const uint32_t left = word > 0 ? words[word - 1] : NeighbourWords::edge,
                   right = word + 1 < words.size() ? words[word + 1] : NeighbourWords::edge;
    ++found.words;
    found.frequent += known.likeliest() == words[word];
    found.behind_left += known.likeliest(left) == words[word];
    found.by_both += known.likeliest(left, right) == words[word];
  }
}

TextPairs as_texts(const PretrainingTexts& texts, int64_t epoch, const Tokenizer& tokenizer) {
  TextPairs pairs;
  for (int64_t example = 0; example < texts.count(); ++example) {
    const PretrainingText drawn = texts.drawn(example, epoch);
    std::vector<int32_t> first, second;
    for (size_t i = 0; i < drawn.text.size(); ++i)
      (drawn.text.type_ids[i] == 0 ? first : second).push_back(drawn.text.ids[i]);
    pairs.first.push_back(tokenizer.decode(first));
    pairs.second.push_back(tokenizer.decode(second));
    pairs.together.push_back(drawn.relation == is_next);
  }
  return pairs;
}

}  // namespace

PretrainingBaselines pretraining_baselines(const TextEncoder& encoder, const std::string& train,
                                           const std::string& test, uint64_t seed) {
  const PretrainingOptions options;
  const Tokenizer& tokenizer = encoder.tokenizer();
  const auto rule = std::make_shared<MaskRule>(options.masks.mlm_probability, true, tokenizer);
  const auto open = [&](const std::string& file) {
    return PretrainingTexts(read_texts_to_pretrain(encoder, file, options), rule, seed);
  };
  const PretrainingTexts learnt = open(train), judged = open(test);
  PretrainingBaselines found;
  WordNumbers numbers;
  const NeighbourWords known = learn(*learnt.data().documents, numbers);
  for (int64_t example = 0; example < judged.count(); ++example)
    judge(known, judged.drawn(example, judging_epoch), numbers, found);
  for (double* right : {&found.frequent, &found.behind_left, &found.by_both})
    *right /= static_cast<double>(found.words);
  const TextPairs pairs = as_texts(judged, judging_epoch, tokenizer);
  found.pairs = pairs.together.size();
  found.following = static_cast<double>(std::ranges::count(pairs.together, true)) / static_cast<double>(found.pairs);
  found.by_cosine = pair_cosine_accuracy(as_texts(learnt, 0, tokenizer), pairs);
  return found;
}

}  // namespace thaw
