// SPDX-License-Identifier: Apache-2.0
// Encoder-decoders begin with the numbers of the BERTs that they are made of.
#include "models/warm_start.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/encoder_decoder/encoder_decoder.h"
#include "models/hub/pretrained.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Made {
  ScratchFolder folder;
  WarmStarted told;

  explicit Made(WarmStart parts) {
    write_small_model<BertForMaskedLM>(folder / "words", small_bert_config(), 1);
    write_small_model<BertForSequenceClassification>(folder / "classes", small_bert_config(), 2);
    for (std::string* part : {&parts.encoder, &parts.decoder}) *part = folder / *part;
    std::filesystem::create_directory(folder / "made");
    told = write_warm_start(folder / "made", parts, Device::from_environment(), 3);
  }
  std::vector<std::byte> bytes(const char* directory, const std::string& name) const {
    const ModelWeights weights(folder / directory);
    const SafetensorsEntry* entry = weights.find(name);
    INFO(directory << ": " << name);
    REQUIRE(entry != nullptr);
    return {entry->bytes.begin(), entry->bytes.end()};
  }
  bool tells(const std::string& what) const {
    return std::ranges::any_of(told.notes, [&](const std::string& note) { return note.find(what) == 0; });
  }
};

// Of BERTs that were written before.
WarmStarted made_of(const ScratchFolder& folder, const WarmStart& parts) {
  std::filesystem::create_directory(folder / "made");
  return write_warm_start(folder / "made", parts, Device::open("reference"), 3);
}

const std::string query = "encoder.layer.1.attention.self.query.weight", table = "embeddings.word_embeddings.weight";

}  // namespace

TEST_CASE("warm start: encoder, decoder and head have the numbers of their directories, the rest is new and told") {
  const Made made({.encoder = "classes", .decoder = "words", .decoder_layers = 2});
  CHECK(made.bytes("made", "encoder." + query) == made.bytes("classes", "bert." + query));
  CHECK(made.bytes("made", "encoder.pooler.dense.weight") == made.bytes("classes", "bert.pooler.dense.weight"));
  CHECK(made.bytes("made", "decoder.bert." + query) == made.bytes("words", "bert." + query));
  for (const char* part : {"bias", "transform.dense.weight", "transform.LayerNorm.bias"})
    CHECK(made.bytes("made", std::string("decoder.cls.predictions.") + part) ==
          made.bytes("words", std::string("cls.predictions.") + part));
  CHECK(made.tells("decoder: " + made.folder / "words" + ", the lowest 2 of 3 layers"));
  CHECK(made.tells("new: attention of the decoder to the encoder, 20 tensors"));
  CHECK(made.told.notes.size() == 3);

  const Pretrained<EncoderDecoderModel> opened(made.folder / "made", Device::open("reference"));
  CHECK(opened.report().initialised.empty());
  CHECK(opened.report().unexpected.empty());
  CHECK(opened.config().decoder_start_token_id == 2);
  CHECK(opened.config().eos_token_ids == std::vector<int64_t>{3});
  int64_t numbers = 0;
  for (const Parameter& p : opened.store().all()) numbers += p.value().numel();
  CHECK(numbers == made.told.parameters);
}

TEST_CASE("warm start: a decoder without a head for masked words gets a new one; tied words are the encoder's") {
  const Made made({.encoder = "words", .decoder = "classes", .tie_embeddings = true});
  CHECK(made.tells("new: decoder.cls.predictions, 5 tensors, as " + made.folder / "classes" + " has none"));
  CHECK(made.bytes("made", "decoder.bert." + table) == made.bytes("words", "bert." + table));
  CHECK(made.bytes("made", "decoder.bert." + query) == made.bytes("classes", "bert." + query));
  const Made learnt({.encoder = "classes", .decoder = "words", .random_encoder = true, .tie_embeddings = true});
  CHECK(learnt.bytes("made", "encoder." + table) == learnt.bytes("words", "bert." + table));
}

TEST_CASE("warm start: shared layers are the encoder's; random parts have nothing of their directories") {
  const Made shared({.encoder = "words", .decoder = "words", .share = true});
  CHECK(shared.bytes("made", "decoder.bert." + query) == shared.bytes("words", "bert." + query));
  const Made apart({.encoder = "words", .decoder = "words"});
  CHECK(shared.told.parameters < apart.told.parameters);

  const Made random({.encoder = "words", .decoder = "words", .random_encoder = true});
  CHECK(random.bytes("made", "encoder." + query) != random.bytes("words", "bert." + query));
  CHECK(random.bytes("made", "decoder.bert." + query) == random.bytes("words", "bert." + query));
  CHECK(random.tells("encoder: " + random.folder / "words" + ", random numbers, 3 layers"));
}

TEST_CASE("warm start: what is odd in either directory is told, but for what the decoder leaves out") {
  const ScratchFolder folder;
  write_small_model<BertForMaskedLM>(folder / "a", small_bert_config(), 1);
  BertConfig untied = small_bert_config();
  untied.tie_word_embeddings = false;
  write_small_model<BertForMaskedLM>(folder / "b", untied, 2);
  Json config = Json::read(folder / "b/config.json");
  config.set("tie_word_embeddings", true).write(folder / "b/config.json", {.indent = 2});
  folder.write("a/adapter_config.json", "{}");
  const WarmStarted made = made_of(folder, {.encoder = folder / "a", .decoder = folder / "b", .decoder_layers = 2});
  const auto tells = [&](const std::string& what) {
    return std::ranges::any_of(made.notes, [&](const std::string& note) { return note.find(what) != note.npos; });
  };
  INFO(doctest::toString(made.notes.size()) << ": " << made.notes.back());
  CHECK(tells(folder / "a" + ": its adapter (adapter_config.json) is not applied"));
  CHECK(tells(folder / "b" + ": cls.predictions.decoder.weight differs from bert.embeddings.word_embeddings.weight"));
  CHECK_FALSE(tells("are not used"));
}

TEST_CASE("warm start: a decoder that knows fewer words than the tokenizer has is refused") {
  const ScratchFolder folder;
  write_small_model<BertForMaskedLM>(folder / "a", small_bert_config(), 1);
  BertConfig fewer = small_bert_config();
  fewer.vocab_size -= 3;
  write_small_model<BertForMaskedLM>(folder / "b", fewer, 2);
  const std::string said =
      error_of<std::runtime_error>([&] { made_of(folder, {.encoder = folder / "a", .decoder = folder / "b"}); });
  CHECK(said.starts_with(folder / "b" + ": the tokenizer of " + folder / "a" + " has "));
}
