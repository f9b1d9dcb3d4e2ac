// SPDX-License-Identifier: Apache-2.0
// Makes small BERT models for tests.
#include "tests/models/small_bert.h"

#include "models/text/encoding.h"
#include "nn/init.h"
#include "tests/file_bytes.h"

namespace thaw {

namespace {

const std::vector<std::string> words = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a",  "b",   "c",    "d",
                                        "e",     "the",   "cat",   "dog",   "sat",    "on", "mat", "##s",  "##ly",
                                        "good",  "bad",   "very",  "not",   ".",      ",",  "!",   "film", "play"};

}  // namespace

void randomise(const ParameterStore& store) {
  for (const Parameter& p : store.all()) {
    const std::vector<float> values = Init::normal(0.3, 0.1).values(p.value().shape(), store.seed(), p.name());
    p.value().copy_from(Tensor::from_host(values, p.value().shape(), store.device(), store.dtype()));
  }
}

BertConfig small_bert_config() {
  BertConfig config;
  config.vocab_size = static_cast<int64_t>(words.size());
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.max_position_embeddings = 32;
  config.hidden_dropout_prob = 0;
  config.attention_probs_dropout_prob = 0;
  return config;
}

void write_small_vocabulary(const std::string& directory) {
  std::string lines;
  for (const std::string& word : words) lines += word + "\n";
  write_bytes(directory + "/vocab.txt", lines);
}

BertInput small_batch(const BertConfig& config, const std::vector<int32_t>& lengths, Device device, uint64_t seed) {
  std::vector<Encoding> texts;
  for (size_t b = 0; b < lengths.size(); ++b) {
    Encoding text;
    for (int32_t t = 0; t < lengths[b]; ++t) {
      const uint32_t word = random_words({seed, b}, static_cast<uint64_t>(t))[0];
      text.ids.push_back(static_cast<int32_t>(1 + word % static_cast<uint32_t>(config.vocab_size - 1)));
      text.type_ids.push_back(t > lengths[b] / 2 ? 1 : 0);
    }
    texts.push_back(std::move(text));
  }
  return BertInput::from_encodings(texts, device);
}

}  // namespace thaw
