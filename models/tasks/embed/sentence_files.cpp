// SPDX-License-Identifier: Apache-2.0
// Reads and writes the files of sentence-transformers.
#include "models/tasks/embed/sentence_files.h"

#include <filesystem>

#include "models/hub/bare_change.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

constexpr const char *modules_file = "modules.json", *length_file = "sentence_bert_config.json";
constexpr const char* pooling_folder = "1_Pooling";

// The one mode that is on.
Pooling read_pooling(const std::string& file) {
  const Json json = Json::read(file);
  std::string mode;
  if (json.contains("pooling_mode")) {
    mode = json.get_string("pooling_mode");
  } else {
    for (const JsonMember& member : json.members()) {
      if (!member.key.starts_with("pooling_mode_") || !json.get_bool(member.key)) continue;
      if (!mode.empty()) fail("{}: {} and {}: thaw takes one pooling, not several joined", file, mode, member.key);
      mode = member.key;
    }
  }
  if (mode == "pooling_mode_mean_tokens" || mode == "mean") return Pooling::mean;
  if (mode == "pooling_mode_cls_token" || mode == "cls") return Pooling::first;
  fail("{}: pooling by {}: thaw has mean and first (cls)", file, mode.empty() ? "nothing" : quote(mode));
}

Json module_entry(int64_t number, const std::string& path, const std::string& type) {
  return Json::object()
      .set("idx", number)
      .set("name", std::to_string(number))
      .set("path", path)
      .set("type", "sentence_transformers.models." + type);
}

}  // namespace

std::optional<SentenceSettings> read_sentence_settings(const std::string& directory) {
  const std::string file = path_of_file(directory, modules_file);
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  SentenceSettings settings;
  settings.normalize = false;
  const Json modules = Json::read(file);
  if (!modules.is_array()) fail("{}: expected a list of modules", file);
  for (const Json& module : modules.items()) {
    const std::string type = module.get_string("type");
    if (type.ends_with(".Normalize")) {
      settings.normalize = true;
    } else if (type.ends_with(".Pooling")) {
      settings.pooling = read_pooling(path_of_file(directory, module.get_string("path") + "/config.json"));
    } else if (!type.ends_with(".Transformer")) {
      fail("{}: the module {}: thaw has Transformer, Pooling and Normalize", file, quote(type));
    }
  }
  if (const std::string lengths = path_of_file(directory, length_file); fs::exists(lengths, error)) {
    const Json json = Json::read(lengths);
    const Json* length = json.find("max_seq_length");
    if (length && !length->is_null()) settings.max_length = json.get_int("max_seq_length", 1);
  }
  return settings;
}

void write_sentence_settings(const std::string& directory, const SentenceSettings& settings, int64_t width) {
  Json modules = Json::array();
  modules.push_back(module_entry(0, "", "Transformer")).push_back(module_entry(1, pooling_folder, "Pooling"));
  if (settings.normalize) modules.push_back(module_entry(2, "2_Normalize", "Normalize"));
  for (const char* folder : {pooling_folder, "2_Normalize"}) {
    if (folder != pooling_folder && !settings.normalize) continue;
    std::error_code error;
    fs::create_directories(directory + "/" + folder, error);
    if (error) fail("{}/{}: cannot be made: {}", directory, folder, error.message());
  }
  const bool mean = settings.pooling == Pooling::mean;
  Json::object()
      .set("word_embedding_dimension", width)
      .set("pooling_mode_cls_token", !mean)
      .set("pooling_mode_mean_tokens", mean)
      .set("pooling_mode_max_tokens", false)
      .set("pooling_mode_mean_sqrt_len_tokens", false)
      .write(directory + "/" + pooling_folder + "/config.json", {.indent = 2});
  Json::object()
      .set("max_seq_length", settings.max_length)
      .set("do_lower_case", false)
      .write(directory + "/" + length_file, {.indent = 2});
  modules.write(directory + "/" + modules_file, {.indent = 2});
}

}  // namespace thaw
