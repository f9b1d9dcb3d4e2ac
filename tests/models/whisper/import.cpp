// SPDX-License-Identifier: Apache-2.0
// Whisper out of CTranslate2's files: names, parts, configuration; what is no Whisper is refused, and nothing is left.
#include "models/whisper/import.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/whisper/classification.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/whisper/small_whisper_file.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr size_t row_bytes = 4 * SmallWhisperFile::channels;

std::string bytes_of(const SafetensorsEntry& entry) {
  return {reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size()};
}

// What of the small file after a change is said, without its name.
template <typename Change>
std::string error_after(Change change) {
  CTranslate2Parts parts = SmallWhisperFile::parts();
  change(parts);
  const std::string bytes = parts.bytes();
  const CTranslate2File file(std::as_bytes(std::span<const char>(bytes)), "model.bin");
  const std::string error = error_of<std::runtime_error>([&] { convert_whisper(file); });
  INFO(error);
  CHECK((error.starts_with("model.bin: ") || error == "no error"));
  CHECK(error.find('\n') == std::string::npos);
  return error.starts_with("model.bin: ") ? error.substr(11) : error;
}

}  // namespace

TEST_CASE("Whisper's import: a directory whose encoder has the file's numbers") {
  const ScratchFolder folder;
  CTranslate2Parts parts = SmallWhisperFile::parts();
  write_bytes(folder / "model.bin", parts.bytes());
  const ImportedModel imported = import_whisper(folder / "model.bin", folder / "deep/model");
  CHECK(imported.architecture == "WhisperForConditionalGeneration");
  CHECK(imported.dtype == "float32");

  const ModelWeights weights(folder / "deep/model");
  CHECK(std::ssize(weights.entries()) == imported.tensors);
  const auto source = [&](const char* name, size_t begin, size_t rows) {
    return parts.at(name).data.substr(begin * row_bytes, rows * row_bytes);
  };
  const std::string self = "model.encoder.layers.1.self_attn.", cross = "model.decoder.layers.0.encoder_attn.";
  const char* stacked = "encoder/layer_1/self_attention/linear_0/weight";
  CHECK(bytes_of(weights.at(self + "q_proj.weight")) == source(stacked, 0, 4));
  CHECK(bytes_of(weights.at(self + "k_proj.weight")) == source(stacked, 4, 4));
  CHECK(bytes_of(weights.at(self + "v_proj.weight")) == source(stacked, 8, 4));
  CHECK(bytes_of(weights.at(self + "v_proj.bias")) ==
        parts.at("encoder/layer_1/self_attention/linear_0/bias").data.substr(2 * row_bytes));
  CHECK(weights.find(self + "k_proj.bias") == nullptr);
  CHECK(bytes_of(weights.at(cross + "q_proj.weight")) == source("decoder/layer_0/attention/linear_0/weight", 0, 4));
  CHECK(bytes_of(weights.at(cross + "v_proj.weight")) == source("decoder/layer_0/attention/linear_1/weight", 4, 4));
  CHECK(bytes_of(weights.at("model.encoder.layers.0.final_layer_norm.weight")) ==
        parts.at("encoder/layer_0/ffn/layer_norm/gamma").data);
  CHECK(bytes_of(weights.at("model.encoder.layers.0.fc2.weight")) ==
        parts.at("encoder/layer_0/ffn/linear_1/weight").data);
  CHECK(weights.at("model.decoder.embed_tokens.weight").shape == std::vector<int64_t>{7, 4});
  CHECK(weights.find("proj_out.weight") == nullptr);

  const Pretrained<WhisperEncoderModel> encoder(folder / "deep/model", Device::from_environment());
  CHECK(encoder.report().initialised.empty());
  CHECK(encoder.report().unexpected.empty());
  CHECK(encoder.report().notes.size() == 1);
  CHECK(encoder.config().encoder_layers == 2);
  CHECK(encoder.config().encoder_attention_heads == 2);
  CHECK(encoder.config().encoder_ffn_dim == 6);
  CHECK(encoder.config().num_mel_bins == 3);
  CHECK(encoder.config().max_source_positions == 50);
}

TEST_CASE("Whisper's import: configuration of the decoder, of the features, and ids by the vocabulary's size") {
  const std::string bytes = SmallWhisperFile::parts().bytes();
  const CTranslate2File file(std::as_bytes(std::span<const char>(bytes)), "model.bin");
  const ConvertedWhisper small = convert_whisper(file);
  CHECK(small.config.get_string("model_type") == "whisper");
  CHECK(small.config.get_int("decoder_layers") == 1);
  CHECK(small.config.get_int("decoder_attention_heads") == 2);
  CHECK(small.config.get_int("decoder_ffn_dim") == 6);
  CHECK(small.config.get_int("max_target_positions") == 6);
  CHECK(small.config.get_int("vocab_size") == 7);
  CHECK(small.config.at("eos_token_id").is_null());
  CHECK(small.config.get_string("dtype") == "float32");
  CHECK(small.preprocessor.get_string("feature_extractor_type") == "WhisperFeatureExtractor");
  CHECK(small.preprocessor.get_int("feature_size") == 3);
  CHECK(small.preprocessor.get_int("chunk_length") == 1);
  CHECK(small.preprocessor.get_int("nb_max_frames") == 100);
  CHECK(small.preprocessor.get_int("n_samples") == 16'000);

  const auto ids = [](uint32_t words) {
    CTranslate2Parts parts = SmallWhisperFile::parts();
    parts.at("decoder/embeddings/weight").shape = {words, 4};
    parts.at("decoder/embeddings/weight").data.assign(words * row_bytes, '\0');
    const std::string large = parts.bytes();
    const Json config = convert_whisper({std::as_bytes(std::span<const char>(large)), "model.bin"}).config;
    return std::vector<int64_t>{config.get_int("eos_token_id"), config.get_int("pad_token_id"),
                                config.get_int("bos_token_id"), config.get_int("decoder_start_token_id")};
  };
  CHECK(ids(51'864) == std::vector<int64_t>{50'256, 50'256, 50'257, 50'257});
  CHECK(ids(51'865) == std::vector<int64_t>{50'257, 50'257, 50'257, 50'258});
}

TEST_CASE("Whisper's import: numbers of 16 bits keep their type") {
  CTranslate2Parts parts = SmallWhisperFile::parts();
  for (CTranslate2Variable& variable : parts.variables) {
    if (variable.shape.empty()) continue;
    variable.type = ct2_bf16;  // the upper half of each f32
    std::string halves;
    for (size_t i = 0; i < variable.data.size(); i += 4) halves += variable.data.substr(i + 2, 2);
    variable.data = halves;
  }
  const ScratchFolder folder;
  write_bytes(folder / "model.bin", parts.bytes());
  CHECK(import_whisper(folder / "model.bin", folder / "model").dtype == "bfloat16");
  CHECK(Json::read(folder / "model/config.json").get_string("dtype") == "bfloat16");
  const ModelWeights weights(folder / "model");
  CHECK(weights.at("model.encoder.conv1.weight").dtype == "BF16");
  CHECK(bytes_of(weights.at("model.encoder.conv1.weight")) == parts.at("encoder/conv1/weight").data);
}

TEST_CASE("Whisper's import: tensors with the same numbers may be one") {
  CTranslate2Parts parts = SmallWhisperFile::parts();
  std::erase_if(parts.variables, [](const auto& v) { return v.name == "encoder/layer_1/ffn/layer_norm/beta"; });
  parts.aliases.emplace_back("encoder/layer_1/ffn/layer_norm/beta", "encoder/layer_0/ffn/layer_norm/beta");
  const std::string bytes = parts.bytes();
  const CTranslate2File file(std::as_bytes(std::span<const char>(bytes)), "model.bin");
  const ConvertedWhisper whisper = convert_whisper(file);
  const auto named = [&](const char* name) {
    return bytes_of(*std::ranges::find(whisper.tensors, name, &SafetensorsEntry::name));
  };
  CHECK(named("model.encoder.layers.1.final_layer_norm.bias") == named("model.encoder.layers.0.final_layer_norm.bias"));
}

TEST_CASE("Whisper's import: what is no Whisper, or not all of one, is refused by name") {
  CHECK(error_after([](auto&) {}) == "no error");
  CHECK(error_after([](auto& p) { p.kind = "TransformerSpec"; }) ==
        "is \"TransformerSpec\" of revision 3; \"WhisperSpec\" of revision 3 was expected");
  CHECK(error_after([](auto& p) { p.revision = 4; }).find("of revision 4; ") != std::string::npos);
  const auto set = [](const char* name, std::vector<uint32_t> shape, uint8_t type, std::string data) {
    return error_after([&](CTranslate2Parts& p) { p.at(name) = {name, shape, type, data}; });
  };
  const auto without = [](const char* name) {
    return error_after(
        [&](CTranslate2Parts& p) { std::erase_if(p.variables, [&](const auto& v) { return v.name == name; }); });
  };
  const auto more = [](const char* name, std::vector<uint32_t> shape, uint8_t type, std::string data) {
    return error_after([&](CTranslate2Parts& p) { p.variables.push_back({name, shape, type, data}); });
  };
  const std::string four(16, '\0');
  CHECK(without("encoder/conv1/weight") == "there is no \"encoder/conv1/weight\"");
  CHECK(without("encoder/layer_0/ffn/linear_0/weight") == "there is no \"encoder/layer_0\"");
  CHECK(without("encoder/layer_1/ffn/linear_0/weight") ==
        "\"encoder/layer_1/self_attention/layer_norm/gamma\" is no tensor of a Whisper");
  CHECK(without("decoder/layer_0/attention/linear_2/bias") ==
        "there is no \"decoder/layer_0/attention/linear_2/bias\"");
  CHECK(without("encoder/num_heads") == "there is no \"encoder/num_heads\"");
  CHECK(without("decoder/activation") == "there is no \"decoder/activation\"");
  CHECK(error_after([](auto& p) { p.aliases.clear(); }) == "there is no \"decoder/projection/weight\"");
  CHECK(set("encoder/conv1/weight", {}, ct2_f32, "abcd") == "\"encoder/conv1/weight\": its shape is []");
  CHECK(set("encoder/conv1/weight", {0, 3, 3}, ct2_f32, "") == "\"encoder/conv1/weight\": its shape is [0, 3, 3]");
  CHECK(set("encoder/conv1/bias", {2, 2}, ct2_f32, four) ==
        "\"encoder/conv1/bias\": its shape is [2, 2], expected [4]");
  CHECK(set("encoder/conv1/bias", {4}, ct2_i8, "abcd") ==
        "\"encoder/conv1/bias\": its weights are quantised (I8): a model of float32, float16 or bfloat16 was expected");
  CHECK(set("encoder/conv1/bias", {4}, ct2_f16, "abcdabcd") == "\"encoder/conv1/bias\": is F16, and others are F32");
  CHECK(set("encoder/conv1/bias", {4}, ct2_f32, std::string(16, '\xFF')) ==
        "\"encoder/conv1/bias\": holds NaN or infinity");
  CHECK(
      set("encoder/layer_0/self_attention/linear_0/bias", {12}, ct2_f32, std::string(48, '\x01')) ==
      "\"encoder/layer_0/self_attention/linear_0/bias\": the keys' part is not zero, and Whisper's keys have no bias");
  CHECK(set("encoder/layer_1/ffn/linear_0/weight", {1, 4}, ct2_f32, four) ==
        "\"encoder/layer_1\" and \"encoder/layer_0\" have other inner sizes");
  CHECK(set("encoder/num_heads", {}, ct2_i16, {'\x03', '\0'}) ==
        "encoder_attention_heads: 3 heads do not divide d_model 4");
  CHECK(set("encoder/num_heads", {}, ct2_i16, "\xFF\xFF").find("encoder_attention_heads: ") == 0);
  CHECK(set("encoder/position_encodings/encodings", {1, 4}, ct2_f32, four) ==
        "positions for 2 frames of 10 ms: whole seconds were expected");
  CHECK(set("decoder/activation", {}, ct2_i8, "\x01") == "\"decoder/activation\" is 1, expected 3");
  CHECK(set("decoder/pre_norm", {}, ct2_i8, std::string(1, '\0')) == "\"decoder/pre_norm\" is 0, expected 1");
  CHECK(set("decoder/scale_embeddings", {}, ct2_i8, "\x01") == "\"decoder/scale_embeddings\" is not supported");
  CHECK(more("decoder/alibi", {}, ct2_i8, std::string(1, '\0')) == "no error");
  CHECK(more("decoder/rotary_dim", {}, ct2_i8, "\x40") == "\"decoder/rotary_dim\" is not supported");
  CHECK(more("encoder/layer_0/ffn/linear_0/weight_scale", {1}, ct2_f32, "abcd") ==
        "\"encoder/layer_0/ffn/linear_0/weight_scale\" is no tensor of a Whisper");
  CHECK(error_after([](CTranslate2Parts& p) {
          p.aliases.clear();
          p.variables.push_back({"decoder/projection/weight", {7, 4}, ct2_f32, std::string(112, '\0')});
        }).find("\"decoder/projection/weight\" has other numbers than \"decoder/embeddings/weight\"") == 0);
}

TEST_CASE("Whisper's import: nothing is written of what is wrong, or over what is there") {
  const ScratchFolder folder;
  CTranslate2Parts parts = SmallWhisperFile::parts();
  parts.revision = 1;
  write_bytes(folder / "wrong.bin", parts.bytes());
  CHECK(error_of<std::runtime_error>([&] {
          import_whisper(folder / "wrong.bin", folder / "deep/model");
        }).starts_with(folder / "wrong.bin"));
  CHECK_FALSE(std::filesystem::exists(folder / "deep"));
  write_bytes(folder / "model.bin", SmallWhisperFile::parts().bytes());
  folder.write("there/config.json", "{}");
  CHECK(error_of<std::runtime_error>([&] {
          import_whisper(folder / "model.bin", folder / "there");
        }).starts_with(folder / "there"));
  CHECK(read_bytes(folder / "there/config.json") == "{}");
}
