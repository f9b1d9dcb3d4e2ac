// SPDX-License-Identifier: Apache-2.0
// Reads and writes ViLT's config.json, and the names in its checkpoints.
#include "models/vilt/config.h"

#include "models/vit/patch_sizes.h"
#include "tensor/check.h"

namespace thaw {

namespace {

std::optional<int64_t> read_max_image_length(const Json& json) {
  const int64_t most = json.get_int_or("max_image_length", -1);
  if (most < 0) return {};
  if (most == 0) fail("{}: 0 leaves nothing of a picture", json.where("max_image_length"));
  return most;
}

void refuse_several_pictures(const Json& json) {
  if (const int64_t pictures = json.get_int_or("num_images", -1); pictures > 1)
    fail("{}: {} pictures for a text are not supported, only one", json.where("num_images"), pictures);
}

// The reference library reads the truth about answers as a number for each, whatever this key says.
void check_problem_type(const ViltConfig& c, const Json& json) {
  if (c.problem_type && c.problem_type != ProblemType::multi_label)
    fail("{}: {} is not supported, only \"{}\": an answer is true to some degree, whatever the others are",
         json.where("problem_type"), json.at("problem_type").describe(), name_of(ProblemType::multi_label));
}

}  // namespace

ViltConfig ViltConfig::from_json(const Json& json) {
  ViltConfig c;
  c.read_shared(json, "vilt");
  c.read_layers(json);
  refuse_unless_off(json, {"is_decoder"});
  expect_word(json, "position_embedding_type", "absolute");
  check_problem_type(c, json);
  refuse_several_pictures(json);
  c.vocab_size = read_size(json, "vocab_size", c.vocab_size);
  c.type_vocab_size = read_size(json, "type_vocab_size", c.type_vocab_size);
  c.max_position_embeddings = read_size(json, "max_position_embeddings", c.max_position_embeddings);
  c.pad_token_id = read_token_id(json, "pad_token_id", c.pad_token_id);
  c.modality_type_vocab_size = read_size(json, "modality_type_vocab_size", c.modality_type_vocab_size);
  if (c.modality_type_vocab_size < 2)
    fail("{}: {}: texts and pictures are 2", json.where("modality_type_vocab_size"), c.modality_type_vocab_size);
  c.image_size = read_size(json, "image_size", c.image_size, longest_side);
  c.patch_size = read_size(json, "patch_size", c.patch_size, longest_side);
  c.max_image_length = read_max_image_length(json);
  check_patch_sizes(
      json, {"pictures", {c.image_size, c.image_size}, "patch_size", {c.patch_size, c.patch_size}, c.num_channels});
  return c;
}

Json ViltConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("vilt", architecture);
  write_layers(out);
  out.set("vocab_size", vocab_size);
  out.set("type_vocab_size", type_vocab_size);
  out.set("max_position_embeddings", max_position_embeddings);
  out.set("pad_token_id", pad_token_id ? Json(*pad_token_id) : Json());
  out.set("modality_type_vocab_size", modality_type_vocab_size);
  out.set("image_size", image_size);
  out.set("patch_size", patch_size);
  if (read_max_image_length(out) != max_image_length) out.set("max_image_length", max_image_length.value_or(-1));
  return out;
}

BertConfig ViltConfig::texts() const {
  BertConfig bert;
  bert.vocab_size = vocab_size;
  bert.hidden_size = hidden_size;
  bert.max_position_embeddings = max_position_embeddings;
  bert.type_vocab_size = type_vocab_size;
  bert.hidden_dropout_prob = hidden_dropout_prob;
  bert.layer_norm_eps = layer_norm_eps;
  bert.initializer_range = initializer_range;
  bert.pad_token_id = pad_token_id;
  return bert;
}

PatchEmbeddingOptions ViltConfig::pictures() const {
  const int64_t side = image_size / patch_size;
  return {.channels = hidden_size,
          .kernel = {num_channels, patch_size, patch_size},
          .grid = {side, side},
          .dropout = hidden_dropout_prob,
          .resizing = TableResizing::bilinear_corners};
}

CheckpointNames ViltConfig::checkpoint_names() const {
  CheckpointNames names = names_behind("vilt.");
  names.ignored = {"*embeddings.position_ids"};
  return names;
}

void ViltConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) check_can_begin(json, "initializer_range");
}

}  // namespace thaw
