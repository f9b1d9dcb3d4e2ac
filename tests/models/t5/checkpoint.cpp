// SPDX-License-Identifier: Apache-2.0
// T5 directories: names of every age, what is tied by what the file holds, 16-bit weights, the encoder alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/hub/pretrained.h"
#include "models/t5/t5.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_t5.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Generator = T5ForConditionalGeneration;
using Values = std::map<std::string, std::vector<float>>;

const std::string words = "shared.weight", encoder_words = "encoder.embed_tokens.weight",
                  decoder_words = "decoder.embed_tokens.weight", output = "lm_head.weight";

T5Config tied() {
  T5Config config = small_t5_config();
  config.tie_word_embeddings = config.head_is_shared = config.scale_decoder_outputs = true;
  return config;
}

template <typename Model>
Values loaded(const std::string& directory) {
  Pretrained<Model> t5(directory, Device::from_environment());
  CHECK(t5.report().initialised.empty());
  CHECK(t5.report().unexpected.empty());
  Values values;
  for (const Parameter& p : t5.store().all()) values[p.name()] = p.value().to_host<float>();
  return values;
}

void add_copy(const std::string& directory, const std::string& name, const std::string& of) {
  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
    SafetensorsEntry copy = entry_named(entries, of);
    copy.name = name;
    entries.push_back(copy);
  });
}

void add_other(const std::string& directory, const std::string& name, const std::string& like) {
  std::vector<std::byte> zeros;
  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
    SafetensorsEntry other = entry_named(entries, like);
    other.name = name;
    zeros.assign(other.bytes.size(), std::byte{0});
    other.bytes = zeros;
    entries.push_back(other);
  });
}

std::string error_of_loading(const std::string& directory) {
  return error_of<std::runtime_error>([&] { Pretrained<Generator>(directory, Device::from_environment()); });
}

}  // namespace

TEST_CASE("T5 checkpoints: tied words under every name that files have for them, with and without a prefix") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<Generator>(directory, tied());
  const Values values = loaded<Generator>(directory);
  CHECK_FALSE(values.contains(output));
  for (const std::string& name : {encoder_words, decoder_words, output}) add_copy(directory, name, words);
  CHECK(loaded<Generator>(directory) == values);
  rewrite(directory, [](std::vector<SafetensorsEntry>& entries) {
    std::erase_if(entries, [](const SafetensorsEntry& e) { return e.name == words || e.name == output; });
  });
  CHECK(loaded<Generator>(directory) == values);
  rename(directory, [](const std::string& name) { return "transformer." + name; });
  CHECK(loaded<Generator>(directory) == values);
  add_other(directory, "transformer.decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",
            "transformer.decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
  CHECK(loaded<Generator>(directory) == values);

  add_other(directory, words, "transformer." + encoder_words);
  CHECK(error_of_loading(directory).find(
            "encoder.embed_tokens.weight and shared.weight differ: stacks with embeddings of their own") !=
        std::string::npos);
}

TEST_CASE("T5 checkpoints: the file tells whether the output matrix is the embeddings'") {
  const ScratchFolder folder;
  const auto notes_of = [](const std::string& directory, bool shared) {
    Pretrained<Generator> t5(directory, Device::from_environment());
    CHECK(t5.config().head_is_shared == shared);
    CHECK(t5.model().lm_head.matrix.weight.same(t5.model().model.words.weight) == shared);
    CHECK(t5.report().initialised.empty());
    CHECK(t5.report().unexpected.empty());
    const ScratchFolder again;
    t5.save(again / "saved");
    Pretrained<Generator> second(again / "saved", Device::from_environment());
    CHECK(second.config().head_is_shared == shared);
    CHECK(second.config().scale_decoder_outputs == t5.config().scale_decoder_outputs);
    return t5.report().notes;
  };
  write_small_model<Generator>(folder / "own", small_t5_config());
  CHECK(notes_of(folder / "own", false).empty());
  write_small_model<Generator>(folder / "tied", tied());
  CHECK(notes_of(folder / "tied", true).empty());
  // Words that are said to be tied, and a matrix of other numbers.
  add_other(folder / "tied", output, words);
  CHECK(notes_of(folder / "tied", false) ==
        std::vector<std::string>{
            "lm_head.weight differs from shared.weight: words are not tied, although tie_word_embeddings is true"});
  // Words that are said not to be tied, and no matrix, or one of the same numbers.
  rewrite(folder / "own", [](std::vector<SafetensorsEntry>& entries) {
    std::erase_if(entries, [](const SafetensorsEntry& e) { return e.name == output; });
  });
  CHECK(notes_of(folder / "own", true) ==
        std::vector<std::string>{"lm_head.weight is not there: words are tied, although tie_word_embeddings is false"});
  add_copy(folder / "own", output, words);
  CHECK(notes_of(folder / "own", true) ==
        std::vector<std::string>{
            "lm_head.weight is shared.weight: words are tied, although tie_word_embeddings is false"});
}

TEST_CASE("T5 checkpoints: tensors that are missing, of another shape or size are errors by name") {
  const ScratchFolder folder;
  for (const std::string name :
       {"shared.weight", "decoder.block.1.layer.1.EncDecAttention.k.weight",
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", "decoder.final_layer_norm.weight",
        "encoder.block.1.layer.1.DenseReluDense.wi_1.weight"}) {
    write_small_model<Generator>(folder / "model", small_t5_config());
    rewrite(folder / "model", [&](std::vector<SafetensorsEntry>& entries) {
      // Without any, words would be those of the output matrix.
      std::erase_if(entries, [&](const SafetensorsEntry& e) { return e.name == name || e.name == output; });
    });
    INFO(name);
    CHECK(error_of_loading(folder / "model").find("the checkpoint has no tensor " + name) != std::string::npos);
  }
  write_small_model<Generator>(folder / "model", small_t5_config());
  Json config = Json::read(folder / "model/config.json");
  config.set("feed_forward_proj", "relu").write(folder / "model/config.json", {.indent = 2});
  CHECK(error_of_loading(folder / "model")
            .find("the checkpoint has no tensor encoder.block.0.layer.1.DenseReluDense.wi.weight") !=
        std::string::npos);
  config.set("feed_forward_proj", "gated-gelu")
      .set("model_type", "umt5")
      .write(folder / "model/config.json", {.indent = 2});
  CHECK(error_of_loading(folder / "model")
            .find("has no tensor encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight") !=
        std::string::npos);
  config.set("model_type", "t5")
      .set("relative_attention_num_buckets", 9)
      .write(folder / "model/config.json", {.indent = 2});
  CHECK(error_of_loading(folder / "model").find("its shape is [8, 3]") != std::string::npos);
}

TEST_CASE("T5 checkpoints: 16-bit weights are read as what they are, and computed in f32") {
  const ScratchFolder folder;
  write_small_model<Generator>(folder / "model", small_t5_config());
  const Device device = Device::from_environment();
  Pretrained<Generator> exact(folder / "model", device);
  const auto logits = [&](const Pretrained<Generator>& t5) {
    return t5.model()(packed(small_texts({9}), device), packed(small_texts({5}, 2), device)).value();
  };
  const std::vector<double> expected = logits(exact).to_host<double>();
  double largest = 0;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  for (const auto& [dtype, tolerance] : {std::pair{DType::f16, 5e-3}, {DType::bf16, 5e-2}}) {
    SaveOptions options;
    options.dtype = dtype;
    exact.save(folder / "half", nullptr, options);
    const Pretrained<Generator> half(folder / "half", device);
    const Tensor found = logits(half);
    CHECK(found.dtype() == DType::f32);
    const std::vector<double> values = found.to_host<double>();
    double error = 0;
    for (size_t i = 0; i < values.size(); ++i) error = std::max(error, std::abs(values[i] - expected[i]));
    CHECK(error > 0);
    CHECK(error < tolerance * largest);
  }
}

TEST_CASE("T5 encoders: read from a whole model, written alone, found among models of texts") {
  const ScratchFolder folder;
  write_small_model<Generator>(folder / "model", small_t5_config());
  const Device device = Device::from_environment();
  Pretrained<Generator> whole(folder / "model", device);
  Pretrained<T5EncoderModel> encoder(folder / "model", device);
  CHECK(encoder.report().unexpected.empty());
  CHECK(encoder.report().notes.empty());
  const PackedText text = packed(small_texts({9, 2}), device);
  const std::vector<std::byte> states = whole.model().model.encode(text).states.value().to_bytes();
  CHECK(encoder.model()(text).value().to_bytes() == states);
  encoder.save(folder / "encoder");
  CHECK(ModelWeights(folder / "encoder").find("decoder.final_layer_norm.weight") == nullptr);
  const auto model = open_text_checkpoint(folder / "encoder")->build("Model", device, DType::f32, 1);
  CHECK(model->report().initialised.empty());
  CHECK(model->width() == 16);
  Encoding a, b;
  a.ids = small_texts({9, 2})[0];
  b.ids = small_texts({9, 2})[1];
  const std::vector<const Encoding*> texts{&a, &b};
  CHECK((*model)(texts).value().to_bytes() == states);
  CHECK_THROWS_WITH_AS(open_text_checkpoint(folder / "encoder")->head("ForSequenceClassification"),
                       doctest::Contains("there is no ForSequenceClassification"), std::runtime_error);
}

TEST_CASE("T5 families: by their three model types") {
  for (const std::string type : {"t5", "mt5", "umt5"})
    CHECK(family_of(Json::parse(R"({"model_type": ")" + type + "\"}", "config.json")).model_type == type);
}
