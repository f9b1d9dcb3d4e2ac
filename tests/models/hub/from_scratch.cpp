// SPDX-License-Identifier: Apache-2.0
// Models begun without a checkpoint: config.json and the seed decide every number.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/hub/model_directory.h"
#include "tensor/dry_device.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr const char* t5_config = R"({"model_type": "t5", "architectures": ["T5ForConditionalGeneration"],
  "vocab_size": 200, "d_model": 64, "d_kv": 16, "d_ff": 128, "num_layers": 2, "num_heads": 4,
  "decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1, "initializer_factor": 2.0)";

struct Directory {
  ScratchFolder folder;
  std::string path;
  explicit Directory(const std::string& rest, const std::string& config = t5_config) {
    folder.write("model/config.json", config + rest + "}");
    path = folder / "model";
  }
  std::unique_ptr<TextWriter> writer(uint64_t seed) const {
    return open_text_writer(path,
                            {.device = Device::open("reference"), .seed = seed, .first_weights = FirstWeights::random});
  }
};

std::vector<float> numbers(TextWriter& writer, const std::string& name) {
  return writer.store().find(name).value().to_host<float>();
}

double deviation(const std::vector<float>& values) {
  double squares = 0;
  for (const float x : values) squares += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

// Source: the T5 paper's code; factor 2 times the deviation of each kind of matrix.
TEST_CASE("from scratch: each of T5's tensors is drawn as its module says") {
  const Directory directory(R"(, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false)");
  const auto writer = directory.writer(3);
  const auto is_drawn = [&](const std::string& name, double expected) {
    CAPTURE(name);
    CHECK(deviation(numbers(*writer, name)) == doctest::Approx(expected).epsilon(0.1));
  };
  is_drawn("shared.weight", 2);
  is_drawn("lm_head.weight", 2);
  is_drawn("encoder.block.0.layer.0.SelfAttention.q.weight", 2 / std::sqrt(64.0 * 16));
  is_drawn("encoder.block.1.layer.0.SelfAttention.k.weight", 2 / std::sqrt(64.0));
  is_drawn("decoder.block.1.layer.1.EncDecAttention.o.weight", 2 / std::sqrt(4.0 * 16));
  is_drawn("decoder.block.0.layer.2.DenseReluDense.wi_1.weight", 2 / std::sqrt(64.0));
  is_drawn("decoder.block.0.layer.2.DenseReluDense.wo.weight", 2 / std::sqrt(128.0));
  for (const float x : numbers(*writer, "encoder.final_layer_norm.weight")) CHECK(x == 2);
  CHECK(writer->report().loaded.empty());
  CHECK(writer->report().to_text() ==
        "from scratch: " + std::to_string(writer->store().all().size()) + " tensors, all of them new\n");
  CHECK(numbers(*writer, "shared.weight") == numbers(*directory.writer(3), "shared.weight"));
  CHECK(numbers(*writer, "shared.weight") != numbers(*directory.writer(4), "shared.weight"));
}

TEST_CASE("from scratch: config.json alone says whether words are tied") {
  const Directory tied("");
  CHECK_FALSE(tied.writer(1)->store().find("lm_head.weight").defined());
  const Directory own(R"(, "tie_word_embeddings": false)");
  CHECK(own.writer(1)->store().find("lm_head.weight").defined());
}

TEST_CASE("from scratch: what is saved is a checkpoint; without being asked, none is made up") {
  const Directory directory("");
  const auto writer = directory.writer(1);
  CHECK(error_of<std::runtime_error>([&] {
          check_model_directory(directory.path);
        }).ends_with("model: has neither model.safetensors nor model.safetensors.index.json"));
  check_model_directory(directory.path, FirstWeights::random);
  const std::string saved = directory.folder / "saved";
  writer->save(saved, nullptr, {});
  const auto again = open_text_writer(saved, {.device = Device::open("reference")});
  CHECK(again->report().initialised.empty());
  CHECK(numbers(*again, "shared.weight") == numbers(*writer, "shared.weight"));
  // Weights that are there are not read.
  const auto fresh =
      open_text_writer(saved, {.device = Device::open("reference"), .seed = 2, .first_weights = FirstWeights::random});
  CHECK(numbers(*fresh, "shared.weight") != numbers(*writer, "shared.weight"));
}

TEST_CASE("from scratch: a configuration that nothing can begin with is refused by file and key") {
  const auto said_of = [](const std::string& config) {
    const Directory directory("", config);
    const std::string said = error_of<std::runtime_error>([&] { directory.writer(1); });
    return said.starts_with(directory.path) ? said.substr(directory.path.size()) : said;
  };
  const std::string rest = R"("d_kv": 16, "num_heads": 4, "num_layers": 2, "decoder_start_token_id": 0)";
  CHECK(said_of(R"({"model_type": "t5", "d_model": 64, "d_ff": 128, )" + rest) ==
        "/config.json: vocab_size: is missing: a model from scratch needs to know how many tokens there are");
  CHECK(said_of(R"({"model_type": "t5", "vocab_size": 200, "d_model": 64, "d_ff": 128, "initializer_factor": 0, )" +
                rest) ==
        "/config.json: initializer_factor: is 0: all numbers of a model from scratch would be 0, and nothing is learnt "
        "from them");
  // Four times two matrices of 2e15 numbers; and sizes whose bytes 64 bits do not count.
  CHECK(said_of(R"({"model_type": "t5", "vocab_size": 200, "d_model": 1000000, "d_ff": 2000000000, )" + rest)
            .starts_with(
                "/config.json: a model of 16000001.7 billion parameters: its weights alone are 64000007.0 GB, "));
  const DryDevice dry;  // of a plan
  const Directory large("",
                        R"({"model_type": "t5", "vocab_size": 200, "d_model": 1000000, "d_ff": 2000000000, )" + rest);
  CHECK(error_of<std::runtime_error>([&] {
          open_text_writer(large.path, {.device = dry.device(), .first_weights = FirstWeights::random});
        }).find(" billion parameters: its weights alone are 64000007.0 GB, the machine has ") != std::string::npos);
  CHECK(said_of(R"({"model_type": "t5", "vocab_size": 2000000000, "d_model": 2000000000, "d_ff": 2000000000, )" + rest)
            .find(" billion parameters: its weights alone are ") != std::string::npos);
}

TEST_CASE("from scratch: models that read texts, too") {
  const Directory directory("", R"({"model_type": "bert", "vocab_size": 100, "hidden_size": 48,
    "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 32,
    "type_vocab_size": 2, "initializer_range": 0.05)");
  const auto model = open_text_checkpoint(directory.path, FirstWeights::random)
                         ->build("ForMaskedLM", Device::open("reference"), DType::f32, 1);
  CHECK(model->report().loaded.empty());
  const auto of = [&](const std::string& name) { return model->store().find(name).value().to_host<float>(); };
  CHECK(deviation(of("bert.encoder.layer.1.intermediate.dense.weight")) == doctest::Approx(0.05).epsilon(0.1));
  for (const float x : of("bert.embeddings.LayerNorm.weight")) CHECK(x == 1);
}

}  // namespace thaw
