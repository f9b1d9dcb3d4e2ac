// SPDX-License-Identifier: Apache-2.0
// Tells Whisper's tensors in CTranslate2's files from each other: queries, keys and values lie in one there, and keys
// have a bias, of zeros.
#include "models/whisper/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "models/hub/save_pretrained.h"
#include "models/hub/shards.h"
#include "models/whisper/config.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/finite_weights.h"
#include "tensor/quote.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace thaw {

namespace {

constexpr const char* architecture = "WhisperForConditionalGeneration";
constexpr int64_t sampling_rate = 16'000, hop_length = 160, n_fft = 400;  // of all of Whisper's features
constexpr int64_t gelu = 3;                                               // CTranslate2's number of it

// What options must say; others must be off.
struct Expected {
  const char* option;
  int64_t value;
};
constexpr Expected expected_options[] = {{"decoder/activation", gelu}, {"decoder/pre_norm", 1}};
// Options that say nothing of how it computes, or are read for themselves.
constexpr const char* other_options[] = {"encoder/num_heads", "decoder/num_heads", "decoder/alignment_heads",
                                         "decoder/alignment_layer"};

bool is_zero(const SafetensorsEntry& numbers) {
  const Tensor on_host =
      Tensor::from_bytes(numbers.bytes, Shape(numbers.shape), *numbers.thaw_dtype(), Device::open("reference"));
  return std::ranges::all_of(on_host.to_host<float>(), [](float x) { return x == 0; });
}

// Some rows of a tensor.
SafetensorsEntry rows_of(const SafetensorsEntry& all, const std::string& name, int64_t begin, int64_t end) {
  const auto row = static_cast<int64_t>(all.bytes.size()) / all.shape[0];
  SafetensorsEntry some{name, all.dtype, all.shape,
                        all.bytes.subspan(static_cast<size_t>(begin * row), static_cast<size_t>((end - begin) * row))};
  some.shape[0] = end - begin;
  return some;
}

// Takes the tensors of a file one by one, and knows what it did not take.
class Converter {
 public:
  explicit Converter(const CTranslate2File& file) : file_(file) {
    if (file.kind() != "WhisperSpec" || file.revision() != 3)
      fail("{}: is {} of revision {}; \"WhisperSpec\" of revision 3 was expected", file.path(), quote(file.kind()),
           file.revision());
    channels_ = size("encoder/conv1/weight", 0);
    bins_ = size("encoder/conv1/weight", 1);
  }

  ConvertedWhisper convert() {
    stem();
    const int64_t encoder_layers = stack("encoder", false), decoder_layers = stack("decoder", true);
    check_rest();
    return {config(encoder_layers, decoder_layers), preprocessor(), std::move(tensors_)};
  }

 private:
  int64_t size(const std::string& name, size_t axis) const {
    const SafetensorsEntry& tensor = file_.at(name);
    if (axis >= tensor.shape.size() || tensor.shape[axis] == 0)
      fail("{}: {}: its shape is {}", file_.path(), quote(name), shape_text(tensor.shape));
    return tensor.shape[axis];
  }

  // A tensor of this shape that was not taken yet.
  const SafetensorsEntry& take(const std::string& name, const std::vector<int64_t>& shape) {
    const SafetensorsEntry& tensor = file_.at(name);
    const std::string where = fmt::format("{}: {}", file_.path(), quote(name));
    if (tensor.shape != shape)
      fail("{}: its shape is {}, expected {}", where, shape_text(tensor.shape), shape_text(shape));
    if (!tensor.thaw_dtype() || !is_floating(*tensor.thaw_dtype()))
      fail("{}: its weights are quantised ({}): a model of float32, float16 or bfloat16 was expected", where,
           tensor.dtype);
    if (dtype_.empty()) dtype_ = tensor.dtype;
    if (tensor.dtype != dtype_) fail("{}: is {}, and others are {}", where, tensor.dtype, dtype_);
    if (count_not_finite(tensor) > 0) fail("{}: holds NaN or infinity", where);
    taken_.insert(&tensor);
    return tensor;
  }

  void add(const std::string& to, const std::string& from, const std::vector<int64_t>& shape) {
    SafetensorsEntry tensor = take(from, shape);
    tensor.name = "model." + to;
    tensors_.push_back(std::move(tensor));
  }

  void linear(const std::string& to, const std::string& from, int64_t in, int64_t out) {
    add(to + ".weight", from + "/weight", {out, in});
    add(to + ".bias", from + "/bias", {out});
  }

  void norm(const std::string& to, const std::string& from) {
    add(to + ".weight", from + "/gamma", {channels_});
    add(to + ".bias", from + "/beta", {channels_});
  }

  // Products that lie one below the other; keys lose their bias.
  void stacked(const std::string& to, const std::string& from, const std::vector<std::string>& names) {
    const int64_t rows = std::ssize(names) * channels_;
    const SafetensorsEntry &weight = take(from + "/weight", {rows, channels_}), &bias = take(from + "/bias", {rows});
    int64_t begin = 0;
    for (const std::string& name : names) {
      const std::string path = fmt::format("model.{}.{}", to, name);
      tensors_.push_back(rows_of(weight, path + ".weight", begin, begin + channels_));
      const SafetensorsEntry own = rows_of(bias, path + ".bias", begin, begin + channels_);
      begin += channels_;
      if (name != "k_proj") {
        tensors_.push_back(own);
      } else if (!is_zero(own)) {
        fail("{}: {}: the keys' part is not zero, and Whisper's keys have no bias", file_.path(),
             quote(from + "/bias"));
      }
    }
  }

  void stem() {
    add("encoder.conv1.weight", "encoder/conv1/weight", {channels_, bins_, 3});
    add("encoder.conv1.bias", "encoder/conv1/bias", {channels_});
    add("encoder.conv2.weight", "encoder/conv2/weight", {channels_, channels_, 3});
    add("encoder.conv2.bias", "encoder/conv2/bias", {channels_});
    const std::string words = "decoder/embeddings/weight";
    add("decoder.embed_tokens.weight", words, {size(words, 0), channels_});
    const SafetensorsEntry& output = take("decoder/projection/weight", file_.at(words).shape);
    if (!std::ranges::equal(output.bytes, file_.at(words).bytes))
      fail("{}: \"decoder/projection/weight\" has other numbers than {}, and Whisper's are the same", file_.path(),
           quote(words));
  }

  void layer(const std::string& to, const std::string& from, bool is_decoder) {
    const std::string self = from + "/self_attention", cross = from + "/attention", feed = from + "/ffn";
    norm(to + ".self_attn_layer_norm", self + "/layer_norm");
    stacked(to + ".self_attn", self + "/linear_0", {"q_proj", "k_proj", "v_proj"});
    linear(to + ".self_attn.out_proj", self + "/linear_1", channels_, channels_);
    if (is_decoder) {
      norm(to + ".encoder_attn_layer_norm", cross + "/layer_norm");
      stacked(to + ".encoder_attn", cross + "/linear_0", {"q_proj"});
      stacked(to + ".encoder_attn", cross + "/linear_1", {"k_proj", "v_proj"});
      linear(to + ".encoder_attn.out_proj", cross + "/linear_2", channels_, channels_);
    }
    norm(to + ".final_layer_norm", feed + "/layer_norm");
    const int64_t inner = inner_size(from);
    linear(to + ".fc1", feed + "/linear_0", channels_, inner);
    linear(to + ".fc2", feed + "/linear_1", inner, channels_);
  }

  int64_t inner_size(const std::string& layer) const { return size(layer + "/ffn/linear_0/weight", 0); }

  // Returns how many layers there are.
  int64_t stack(const std::string& name, bool is_decoder) {
    const std::string places = name + "/position_encodings/encodings";
    add(name + ".embed_positions.weight", places, {size(places, 0), channels_});
    int64_t layers = 0;
    while (file_.find(fmt::format("{}/layer_{}/ffn/linear_0/weight", name, layers))) {
      const std::string from = fmt::format("{}/layer_{}", name, layers);
      if (inner_size(from) != inner_size(name + "/layer_0"))
        fail("{}: {} and {} have other inner sizes", file_.path(), quote(from), quote(name + "/layer_0"));
      layer(fmt::format("{}.layers.{}", name, layers++), from, is_decoder);
    }
    if (layers == 0) fail("{}: there is no \"{}/layer_0\"", file_.path(), name);
    norm(name + ".layer_norm", name + "/layer_norm");
    return layers;
  }

  void check_rest() const {
    for (const auto& [option, value] : expected_options)
      if (const int64_t found = file_.integer(option); found != value)
        fail("{}: {} is {}, expected {}", file_.path(), quote(option), found, value);
    for (const SafetensorsEntry& variable : file_.variables()) {
      const auto is_it = [&](const auto& option) { return variable.name == option; };
      if (taken_.contains(&variable) || std::ranges::any_of(other_options, is_it) ||
          std::ranges::any_of(expected_options, is_it, &Expected::option))
        continue;
      if (!variable.shape.empty()) fail("{}: {} is no tensor of a Whisper", file_.path(), quote(variable.name));
      if (std::ranges::any_of(variable.bytes, [](std::byte b) { return b != std::byte{0}; }))
        fail("{}: {} is not supported", file_.path(), quote(variable.name));
    }
  }

  // Ids of OpenAI's two vocabularies, told apart by their size as in their code; of others nothing is known.
  void set_token_ids(Json& json) const {
    const int64_t words = size("decoder/embeddings/weight", 0);
    constexpr int64_t english = 51'864;
    const auto id = [&](int64_t of_english) {
      return words < english ? Json() : Json(words == english ? of_english : of_english + 1);
    };
    json.set("vocab_size", words).set("eos_token_id", id(50'256)).set("pad_token_id", id(50'256));
    json.set("bos_token_id", words < english ? Json() : Json(50'257)).set("decoder_start_token_id", id(50'257));
  }

  Json config(int64_t encoder_layers, int64_t decoder_layers) const {
    Json json = Json::object();
    json.set("d_model", channels_).set("num_mel_bins", bins_);
    json.set("encoder_layers", encoder_layers).set("decoder_layers", decoder_layers);
    json.set("encoder_attention_heads", file_.integer("encoder/num_heads"));
    json.set("decoder_attention_heads", file_.integer("decoder/num_heads"));
    json.set("encoder_ffn_dim", inner_size("encoder/layer_0")).set("decoder_ffn_dim", inner_size("decoder/layer_0"));
    json.set("max_source_positions", size("encoder/position_encodings/encodings", 0));
    json.set("max_target_positions", size("decoder/position_encodings/encodings", 0));
    json.set("is_encoder_decoder", true).set("scale_embedding", false);
    set_token_ids(json);
    // What cannot be is told of the file.
    Json checked = WhisperConfig::from_json(Json::parse(json.dump(), file_.path())).to_json(architecture);
    checked.set("dtype", config_name_of(*find_safetensors_dtype(dtype_)->dtype));
    return checked;
  }

  Json preprocessor() const {
    const int64_t frames = 2 * size("encoder/position_encodings/encodings", 0), samples = frames * hop_length;
    if (samples % sampling_rate != 0)
      fail("{}: positions for {} frames of 10 ms: whole seconds were expected", file_.path(), frames);
    Json json = Json::object();
    json.set("feature_extractor_type", "WhisperFeatureExtractor").set("feature_size", bins_);
    json.set("sampling_rate", sampling_rate).set("hop_length", hop_length).set("n_fft", n_fft);
    json.set("chunk_length", samples / sampling_rate).set("n_samples", samples).set("nb_max_frames", frames);
    json.set("padding_side", "right").set("padding_value", 0.0).set("return_attention_mask", false);
    return json;
  }

  const CTranslate2File& file_;
  int64_t channels_ = 0, bins_ = 0;
  std::string dtype_;  // of all tensors
  std::vector<SafetensorsEntry> tensors_;
  std::set<const SafetensorsEntry*> taken_;
};

}  // namespace

ConvertedWhisper convert_whisper(const CTranslate2File& file) { return Converter(file).convert(); }

ImportedModel import_whisper(const std::string& path, const std::string& directory) {
  const CTranslate2File file(path);
  const ConvertedWhisper model = convert_whisper(file);
  ParentDirectories parents(directory);
  AtomicDirectory fresh(directory);
  const JsonStyle style{.indent = 2, .sort_keys = true, .ensure_ascii = true};
  model.config.write(fresh.path() + "/config.json", style);
  model.preprocessor.write(fresh.path() + "/preprocessor_config.json", style);
  write_model_weights(fresh.path(), model.tensors);
  fresh.commit();
  parents.commit();
  ImportedModel imported{architecture, std::ssize(model.tensors), 0, model.config.get_string("dtype")};
  for (const SafetensorsEntry& tensor : model.tensors) imported.numbers += tensor.count();
  return imported;
}

}  // namespace thaw
