// SPDX-License-Identifier: Apache-2.0
// Reads two directories as one dual encoder.
#include <fmt/format.h>

#include <utility>

#include "models/dual_encoder/dual_encoder.h"
#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/pretrained.h"
#include "models/image/patch_limits.h"
#include "models/input/joint_processor.h"
#include "models/input/preprocessor_file.h"
#include "models/pair_start.h"
#include "models/text/tokenizer.h"
#include "models/unseen_parts.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

template <typename Config>
Checkpoint<Config> opened(const std::string& directory) {
  if (holds_change(directory))
    fail("{}: holds what changed of a base, not a model: `thaw merge` makes a model of it", directory);
  return Checkpoint<Config>(directory);
}

// As a part of another: nothing of what it was for.
Json plain(Json json, const char* model_type) {
  for (const char* key : {"architectures", "id2label", "label2id", "problem_type", "dtype", "transformers_version"})
    json.erase(key);
  return json.set("model_type", model_type);
}

// Names of a dual encoder to those of the two models.
class TwoModels final : public TensorSource {
 public:
  // prefix: what ViT's names begin with; empty of CLIP, whose tower has the name that it has here.
  TwoModels(CheckpointSource& vision, std::string prefix, CheckpointSource& text)
      : vision_(vision), prefix_(std::move(prefix)), text_(text) {}
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override {
    constexpr std::string_view of_vision = "vision_model.", of_text = "text_model.";
    if (name.starts_with(of_text)) return text_.load("bert." + name.substr(of_text.size()), shape, dtype, device);
    if (!name.starts_with(of_vision)) return {};
    return vision_.load(prefix_ + name.substr(of_vision.size()), shape, dtype, device);
  }

 private:
  CheckpointSource& vision_;
  std::string prefix_;
  CheckpointSource& text_;
};

// The model that sees, of either family.
struct Sight {
  Json json;
  std::string prefix;
  PatchLimits limits;
  CheckpointSource source;
};

Sight sight_of(const std::string& directory) {
  const Json config = read_config_json(directory);
  const std::string type = config.get_string_or("model_type", "");
  if (type == "clip") {
    auto [clip, source] = opened<CLIPConfig>(directory);
    return {plain(clip.vision.to_json(), "clip_vision_model"), "", clip.vision.limits(), std::move(source)};
  }
  if (type != "vit")
    fail(R"({}: {}: a dual encoder sees by a model of "vit" or "clip")", config.where("model_type"), quote(type));
  auto [vit, source] = opened<ViTConfig>(directory);
  return {plain(vit.to_json(ViT::architecture), "vit"), "vit.", vit.limits(), std::move(source)};
}

VisionTextDualEncoderConfig config_of(const PairStart& parts, const Sight& sight, const BertConfig& text) {
  Json json = Json::object()
                  .set("model_type", "vision-text-dual-encoder")
                  .set("vision_config", sight.json)
                  .set("text_config", plain(text.to_json(Bert::architecture), "bert"))
                  .set("projection_dim", parts.projection_size.value_or(ImageTextKeys().projection_dim));
  return VisionTextDualEncoderConfig::from_json(
      Json::parse(json.dump(), fmt::format("{}, {}", parts.pictures, parts.texts)));
}

}  // namespace

WarmStarted write_dual_encoder(const std::string& directory, const PairStart& parts, Device device, uint64_t seed) {
  Sight sight = sight_of(parts.pictures);
  Checkpoint<BertConfig> text = opened<BertConfig>(parts.texts);
  const auto tokenizer = load_tokenizer(tokenizer_directory(parts.texts));
  const VisionTextDualEncoderConfig config = config_of(parts, sight, text.config);

  ParameterStore store(device, DType::f32, seed);
  TwoModels source(sight.source, sight.prefix, text.source);
  store.set_source(&source);
  const VisionTextDualEncoderModel model{Scope(store), config};
  store.set_source(nullptr);
  const auto own = find_image_processor(parts.pictures, sight.limits.processor);
  const PreprocessorFile pictures((own ? *own : usual_processor(sight.limits)).to_json());
  const JointProcessor processors{&pictures, tokenizer.get()};
  save_pretrained(directory, config.to_json(VisionTextDualEncoderModel::architecture), store, &processors);

  WarmStarted made;
  made.notes = notes_of_unseen(sight.limits);
  made.notes.push_back(fmt::format("pictures: {}", parts.pictures));
  made.notes.push_back(fmt::format("texts: {}", parts.texts));
  made.notes.push_back(fmt::format("new: {}", listed(store.initialised())));
  for (const Parameter& parameter : store.all()) made.parameters += parameter.value().numel();
  made.bytes = static_cast<uint64_t>(made.parameters) * sizeof(float);
  return made;
}

}  // namespace thaw
