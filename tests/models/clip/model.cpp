// SPDX-License-Identifier: Apache-2.0
// CLIP's files, what begins from scratch, and the classifier above the tower for pictures.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/clip/classification.h"
#include "models/clip/clip.h"
#include "models/hub/pretrained.h"
#include "tensor/io/tensor_file.h"
#include "tensor/ops.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_clip.h"
#include "tests/scratch_folder.h"
#include "tests/tensor_difference.h"

using namespace thaw;

namespace {

// Of numbers around 0.
double deviation(const ParameterStore& store, const std::string& name) {
  double squares = 0;
  const std::vector<double> values = store.find(name).value().to_host<double>();
  for (const double x : values) squares += x * x;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

CLIPClassifierConfig classifier_config() {
  CLIPClassifierConfig config{small_clip_config()};
  config.labels = {"a", "b", "c"};
  return config;
}

}  // namespace

TEST_CASE("CLIP: old files' numbers of positions are no tensors of the model, and what is missing is refused") {
  const ScratchFolder folder;
  write_small_model<CLIPModel>(folder / "model", small_clip_config());
  const std::vector<std::byte> numbers(8 * 12);
  rewrite(folder / "model", [&](std::vector<SafetensorsEntry>& entries) {
    for (const char* tower : {"text_model", "vision_model"}) {
      SafetensorsEntry& buffer = entries.emplace_back(entries.front());
      buffer.name = std::string(tower) + ".embeddings.position_ids";
      buffer.dtype = "I64";
      buffer.shape = {1, 12};
      buffer.bytes = numbers;
    }
  });
  const Device device = Device::from_environment();
  {
    const Pretrained<CLIPModel> model(folder / "model", device);
    CHECK(model.report().initialised.empty());
    CHECK(model.report().unexpected.empty());
    CHECK(model.report().notes.empty());
    CHECK(model.store().find("logit_scale").value().shape() == Shape{});
    CHECK(model.store().find("vision_model.embeddings.class_embedding").value().shape() == Shape{12});
    CHECK(model.store().find("vision_model.embeddings.position_embedding.weight").value().shape() == Shape{10, 12});
    CHECK_FALSE(model.store().find("vision_model.embeddings.patch_embedding.bias").defined());
    CHECK_FALSE(model.store().find("text_projection.bias").defined());
  }
  CLIPConfig deeper = small_clip_config();
  deeper.text.num_hidden_layers = 4;
  deeper.to_json("CLIPModel").write(folder / "model/config.json", {});
  CHECK(error_of<std::runtime_error>([&] {
          Pretrained<CLIPModel>(folder / "model", device);
        }).find("model: the checkpoint has no tensor text_model.encoder.layers.3.") != std::string::npos);
}

TEST_CASE("CLIP from scratch: each tensor is drawn as the reference library draws it, by its tower's factor") {
  CLIPConfig config = small_clip_config();
  config.text.hidden_size = config.vision.hidden_size = 96;
  config.text.initializer_factor = 2;
  config.vision.initializer_factor = 3;
  config.vision.initializer_range = 0.1;
  config.initializer_factor = 5;
  ParameterStore store(Device::open("reference"), DType::f32, 3);
  const CLIPModel model(Scope(store), config);
  const double c = std::sqrt(96.0), text_depth = std::sqrt(2.0 * 3), vision_depth = std::sqrt(2.0 * 2);
  const std::map<std::string, double> expected = {
      {"text_model.embeddings.token_embedding.weight", 2 * 0.02},
      {"text_model.embeddings.position_embedding.weight", 2 * 0.02},
      {"text_model.encoder.layers.0.self_attn.q_proj.weight", 2 / c / text_depth},
      {"text_model.encoder.layers.1.self_attn.k_proj.weight", 2 / c / text_depth},
      {"text_model.encoder.layers.2.self_attn.v_proj.weight", 2 / c / text_depth},
      {"text_model.encoder.layers.0.self_attn.out_proj.weight", 2 / c},
      {"text_model.encoder.layers.0.mlp.fc1.weight", 2 / std::sqrt(2 * 96.0)},
      {"text_model.encoder.layers.0.mlp.fc2.weight", 2 / c / text_depth},
      {"text_model.encoder.layers.0.mlp.fc2.bias", 0},
      {"text_projection.weight", 5 / c},
      {"visual_projection.weight", 5 / c},
      {"vision_model.embeddings.class_embedding", 3 / c},
      {"vision_model.embeddings.patch_embedding.weight", 3 * 0.1},
      {"vision_model.embeddings.position_embedding.weight", 3 * 0.1},
      {"vision_model.encoder.layers.1.self_attn.q_proj.weight", 3 / c / vision_depth},
      {"vision_model.encoder.layers.1.mlp.fc2.weight", 3 / c / vision_depth},
      {"vision_model.pre_layrnorm.weight", 1},
      {"logit_scale", config.logit_scale_init_value},
  };
  for (const auto& tensor : expected) {
    INFO(tensor.first);
    CHECK(deviation(store, tensor.first) == doctest::Approx(tensor.second).epsilon(0.15));
  }
}

TEST_CASE("CLIP from scratch: a factor of 0, or no word of how many tokens there are, is refused") {
  const ScratchFolder folder;
  const auto said_of = [&](const Json& config) {
    config.write(folder / "model/config.json", {});
    return error_of<std::runtime_error>([&] {
      Pretrained<CLIPModel>(Checkpoint<CLIPConfig>(folder / "model", FirstWeights::random), Device::open("reference"),
                            DType::f32, 3);
    });
  };
  folder.write("model/config.json", "{}");
  const Json good = small_clip_config().to_json("CLIPModel");
  CHECK(said_of(good) == "no error");
  for (const char* part : {"text_config", "vision_config"}) {
    Json config = good, tower = good.get_object(part);
    config.set(part, tower.set("initializer_factor", 0.0));
    INFO(part);
    CHECK(said_of(config).find(std::string(part) + ".initializer_factor: is 0: all numbers of a model from scratch") !=
          std::string::npos);
  }
  Json config = good;
  CHECK(said_of(config.set("initializer_factor", 0)).find("config.json: initializer_factor: is 0") !=
        std::string::npos);
  CHECK(said_of(Json::parse("{}", "config.json")).find("config.json: text_config: vocab_size: is missing") !=
        std::string::npos);
}

TEST_CASE("CLIP classifier: by the mean of what the last layer gives for patches, behind no norm") {
  const SmallCLIP<CLIPForImageClassification> small;
  const PatchInput pictures = small.pictures();
  const Tensor got = small.model(pictures).value();
  const Tensor rows = small.model.vision_model(pictures).value();
  std::vector<Tensor> means;
  for (int64_t b = 0; b < pictures.rows.segments.count(); ++b)
    means.push_back(mean(rows.slice(0, pictures.rows.segments.begin(b) + 1, pictures.rows.segments.end(b)), {0}, true));
  const Tensor expected =
      linear(concat(means, 0), small.model.classifier.weight.value(), small.model.classifier.bias.value());
  CHECK(difference(got, expected) <= 1e-5);
  CHECK_FALSE(small.store.find("vision_model.post_layernorm.weight").defined());
  CHECK(small.model.vision_model.stages().size() == 3);
  CHECK_FALSE(small.model.vision_model.gives_a_row_a_text(3));
}

TEST_CASE("CLIP classifier: it reads CLIP's files, and what it does not read is in its own") {
  const ScratchFolder folder;
  write_small_model<CLIPModel>(folder / "clip", small_clip_config());
  classifier_config().to_json("CLIPForImageClassification").write(folder / "clip/config.json", {});
  const Device device = Device::from_environment();
  const Pretrained<CLIPForImageClassification> first(folder / "clip", device);
  CHECK(first.report().initialised == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  for (const std::string& name : first.report().unexpected) {
    INFO(name);
    CHECK((name.starts_with("text_") || name == "logit_scale" || name == "visual_projection.weight"));
  }
  CHECK(first.report().notes.empty());
  first.save(folder / "saved");
  const Device host = Device::open("reference");
  const auto clip = read_tensors(folder / "clip/model.safetensors", host),
             saved = read_tensors(folder / "saved/model.safetensors", host);
  for (const auto& tensor : clip) {
    if (!tensor.first.starts_with("vision_model.")) continue;
    INFO(tensor.first);
    REQUIRE(saved.contains(tensor.first));
    CHECK(saved.at(tensor.first).to_bytes() == tensor.second.to_bytes());
  }
  CHECK(saved.contains("vision_model.post_layernorm.weight"));
  CHECK_FALSE(saved.contains("logit_scale"));
  const Pretrained<CLIPForImageClassification> again(folder / "saved", device);
  CHECK(again.report().initialised.empty());
  CHECK(again.report().unexpected.empty());
  CHECK(again.config().labels == std::vector<std::string>{"a", "b", "c"});
  CHECK(error_of<std::runtime_error>([&] {
          Pretrained<CLIPModel>(folder / "saved", device);
        }).find("saved: the checkpoint has no tensor ") != std::string::npos);
}
