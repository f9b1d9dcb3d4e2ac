// SPDX-License-Identifier: Apache-2.0
// Dual encoders that begin with what a model of pictures and a BERT have learnt.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/clip/clip.h"
#include "models/dual_encoder/dual_encoder.h"
#include "models/hub/config.h"
#include "models/pair_start.h"
#include "models/tasks/task_table.h"
#include "models/vit/classification.h"
#include "tensor/io/tensor_file.h"
#include "tests/error_of.h"
#include "tests/models/small_dual_encoder.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Parts {
  ScratchFolder folder;

  Parts() {
    ViTConfig vit = small_vit_config();
    vit.labels = {"a", "b"};
    write_small_model<ViTForImageClassification>(folder / "vit", vit);
    write_small_clip<CLIPModel>(folder / "clip", small_clip_config());
    write_small_model<Bert>(folder / "bert", small_bert_config());
    std::filesystem::create_directory(folder / "model");
  }
  WarmStarted write(const char* pictures, const char* texts) const {
    return write_dual_encoder(folder / "model",
                              {.pictures = folder / pictures, .texts = folder / texts, .projection_size = 6},
                              Device::open("reference"), 3);
  }
  // Does the model have the part's tensors, bit for bit, under names that begin so?
  void check_taken(const char* part, const std::string& prefix, const std::string& own) const {
    const Device host = Device::open("reference");
    const auto model = read_tensors(folder / "model/model.safetensors", host),
               from = read_tensors(folder / (std::string(part) + "/model.safetensors"), host);
    int64_t found = 0;
    for (const auto& tensor : from) {
      if (!tensor.first.starts_with(own)) continue;
      const std::string name = prefix + tensor.first.substr(own.size());
      INFO(name);
      REQUIRE(model.contains(name));
      CHECK(model.at(name).to_bytes() == tensor.second.to_bytes());
      ++found;
    }
    CHECK(found > 10);
  }
};

}  // namespace

TEST_CASE("dual encoder of two: a ViT and a BERT keep their bits, what is new is told, and the task opens it") {
  const Parts parts;
  const WarmStarted made = parts.write("vit", "bert");
  parts.check_taken("vit", "vision_model.", "vit.");
  parts.check_taken("bert", "text_model.", "");
  CHECK(made.notes.back() ==
        "new: vision_model.pooler.dense.weight, vision_model.pooler.dense.bias, visual_projection.weight, "
        "text_projection.weight, logit_scale");
  const VisionTextDualEncoderConfig config = read_config<VisionTextDualEncoderConfig>(parts.folder / "model");
  CHECK(config.projection_dim == 6);
  CHECK(std::get<ViTConfig>(config.vision).image_size == small_vit_config().image_size);
  CHECK_FALSE(config.json.get_object("vision_config").contains("id2label"));
  CHECK(task_of_directory(parts.folder / "model") == "image-text");
  const auto model = make_task("image-text")->open(parts.folder / "model", {.trained = true});
  CHECK(model->report().unexpected.empty());
}

TEST_CASE("dual encoder of two: pictures that the patches of the one that sees do not divide are told of") {
  const Parts parts;
  CHECK(parts.write("vit", "bert").notes.front().starts_with("pictures: "));
  ViTConfig vit = small_vit_config();
  vit.image_size[0] += 1;
  write_small_model<ViT>(parts.folder / "uneven", vit);
  CHECK(parts.write("uneven", "bert").notes.front().ends_with("columns of pixels are never seen"));
}

TEST_CASE("dual encoder of two: CLIP's tower lies where the reference library looks for it") {
  const Parts parts;
  parts.write("clip", "bert");
  parts.check_taken("clip", "vision_model.vision_model.", "vision_model.");
  const auto model = make_task("image-text")->open(parts.folder / "model", {.trained = true});
  CHECK(model->report().initialised.empty());
  CHECK(std::filesystem::exists(parts.folder / "model/preprocessor_config.json"));
}

TEST_CASE("dual encoder of two: other families are refused by name") {
  const Parts parts;
  const auto error_with = [&](const char* pictures, const char* texts) {
    return error_of<std::runtime_error>([&] { parts.write(pictures, texts); });
  };
  CHECK(error_with("bert", "bert").find(R"(model_type: "bert": a dual encoder sees by a model of "vit" or "clip")") !=
        std::string::npos);
  CHECK(error_with("vit", "clip").find(R"(model_type: this is "clip", not "bert")") != std::string::npos);
  CHECK(error_with("vit", "none").find("none") != std::string::npos);
}
