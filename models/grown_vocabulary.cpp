// SPDX-License-Identifier: Apache-2.0
// Adds tokens to the files of a model: tokenizer.json, config.json, tables of words.
#include "models/grown_vocabulary.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "models/families.h"
#include "models/generation_file.h"
#include "models/hub/config.h"
#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "models/image_tokens.h"
#include "models/input/preprocessor_file.h"
#include "models/text/tokenizer.h"
#include "nn/init.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/quote.h"
#include "tensor/tensor.h"

namespace thaw {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw std::invalid_argument(message); }

void check_new(const NewTokens& more, const Tokenizer& tokenizer) {
  if (more.tokens.empty()) refuse("tokens: none is given");
  for (auto token = more.tokens.begin(); token != more.tokens.end(); ++token) {
    if (token->find_first_of(" \t\r\n") != std::string::npos || token->empty())
      refuse(fmt::format("tokens {}: a token without blanks was expected", quote(*token)));
    if (const auto id = tokenizer.find_id(*token))
      refuse(fmt::format("tokens {}: is a token already (id {})", quote(*token), *id));
    if (std::find(more.tokens.begin(), token, *token) != token) refuse(fmt::format("tokens {}: twice", quote(*token)));
  }
  if (more.single.empty() != more.pair.empty()) refuse("templates: that of a text and that of a pair need each other");
}

Json template_parts(const std::string& field, const std::string& text, const std::vector<std::string>& sequences,
                    const NewTokens& more, const Tokenizer& tokenizer, int64_t first, Json& specials) {
  Json list = Json::array();
  std::vector<std::string> found;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (std::ranges::find(sequences, word) != sequences.end()) {
      list.push_back(Json::object().set("Sequence", Json::object().set("id", word.substr(1)).set("type_id", 0)));
      found.push_back(word);
      continue;
    }
    const auto place = std::ranges::find(more.tokens, word);
    std::optional<int64_t> id;
    if (place != more.tokens.end()) id = first + (place - more.tokens.begin());
    if (!id) id = tokenizer.find_id(word);
    if (!id) refuse(fmt::format("{} {}: {} is neither a text nor a token", field, quote(text), quote(word)));
    list.push_back(Json::object().set("SpecialToken", Json::object().set("id", word).set("type_id", 0)));
    specials.set(word, Json::object()
                           .set("id", word)
                           .set("ids", Json(std::vector<Json>{*id}))
                           .set("tokens", Json(std::vector<Json>{word})));
  }
  if (found != sequences) refuse(fmt::format("{} {}: {} was expected, once", field, quote(text), listed(sequences)));
  return list;
}

Json added_token(const std::string& token) {
  return Json::object()
      .set("content", token)
      .set("single_word", false)
      .set("lstrip", false)
      .set("rstrip", false)
      .set("normalized", false)
      .set("special", true);
}

std::string grown_tokenizer(const std::string& content, const std::string& path, const NewTokens& more,
                            const Tokenizer& tokenizer, int64_t first) {
  Json json = Json::parse(content, path);
  const Json* list = json.find("added_tokens");
  std::vector<Json> added = list && list->is_array() ? list->items() : std::vector<Json>();
  for (size_t i = 0; i < more.tokens.size(); ++i) {
    Json entry = Json::object().set("id", first + static_cast<int64_t>(i));
    const Json token = added_token(more.tokens[i]);
    for (const JsonMember& member : token.members()) entry.set(member.key, member.value);
    added.push_back(std::move(entry));
  }
  json.set("added_tokens", Json(std::move(added)));
  if (!more.single.empty()) {
    Json specials = Json::object(), processor = Json::object().set("type", "TemplateProcessing");
    processor.set("single", template_parts("template", more.single, {"$A"}, more, tokenizer, first, specials));
    processor.set("pair", template_parts("pair_template", more.pair, {"$A", "$B"}, more, tokenizer, first, specials));
    json.set("post_processor", processor.set("special_tokens", std::move(specials)));
  }
  return json.dump();
}

std::string grown_tokenizer_config(const std::string& content, const std::string& path, const NewTokens& more,
                                   int64_t first) {
  Json json = content.empty() ? Json::object() : Json::parse(content, path);
  if (const Json* decoder = json.find("added_tokens_decoder"); decoder && decoder->is_object()) {
    Json all = *decoder;
    for (size_t i = 0; i < more.tokens.size(); ++i)
      all.set(std::to_string(first + static_cast<int64_t>(i)), added_token(more.tokens[i]));
    json.set("added_tokens_decoder", std::move(all));
  }
  if (!more.single.empty()) json.set("tokenizer_class", "PreTrainedTokenizerFast");
  return json.dump();
}

void write_tokenizer(const std::string& directory, const std::string& output, const NewTokens& more,
                     const Tokenizer& tokenizer, int64_t first) {
  bool has_json = false, has_config = false;
  for (const ProcessorFile& file : tokenizer.files()) {
    std::string content = file.content;
    const std::string path = directory + "/" + file.name;
    if (file.name == "tokenizer.json") content = grown_tokenizer(content, path, more, tokenizer, first);
    if (file.name == "tokenizer_config.json") content = grown_tokenizer_config(content, path, more, first);
    has_json = has_json || file.name == "tokenizer.json";
    has_config = has_config || file.name == "tokenizer_config.json";
    write_file_atomically(output + "/" + file.name, content);
  }
  if (!has_json) fail("{}: has no tokenizer.json, which new tokens are written into", directory);
  if (!has_config && !more.single.empty())
    write_file_atomically(output + "/tokenizer_config.json", grown_tokenizer_config("", "", more, first));
}

// A table, or numbers, of more words: those that were there, and drawn ones from `first` on; of numbers zeros.
std::vector<std::byte> grown_bytes(const SafetensorsEntry& entry, const std::string& name, int64_t first, int64_t words,
                                   double deviation, uint64_t seed) {
  const int64_t width = entry.shape.size() > 1 ? entry.shape[1] : 1;
  const DType dtype = *entry.thaw_dtype();
  const Init init = entry.shape.size() > 1 ? Init::normal(deviation) : Init::zeros();
  const Shape shape{words - first, width};
  const Device host = Device::open("reference");
  const std::vector<std::byte> drawn =
      Tensor::from_host(init.values(shape, seed, name), shape, host).to(dtype).to_bytes();
  const auto kept = static_cast<ptrdiff_t>(first * width * static_cast<int64_t>(size_of(dtype)));
  std::vector<std::byte> bytes(entry.bytes.begin(), entry.bytes.begin() + kept);
  bytes.insert(bytes.end(), drawn.begin(), drawn.end());
  return bytes;
}

// How the pictures are prepared that a model reads beside texts.
void keep_preprocessor(const std::string& directory, const std::string& output) {
  for (const std::string name : {"processor_config.json", PreprocessorFile::file_name})
    if (const std::string file = directory + "/" + name; std::filesystem::is_regular_file(file))
      std::filesystem::copy_file(file, output + "/" + name);
}

}  // namespace

GrownVocabulary add_tokens(const std::string& directory, const std::string& output, const NewTokens& more,
                           uint64_t seed) {
  check_model_directory(directory);
  if (has_image_tokens(directory))
    fail(
        "{}: draws pictures: the ids behind its tokenizer's are places and colours (image_tokens.json); add tokens to "
        "the model that it was trained from",
        directory);
  Json config = read_config_json(directory);
  const ModelFamily& family = family_of(config);
  const CheckpointNames names = family.checkpoint_names(config);
  if (family.words.empty())
    fail("{}: no tokens can be added to models of {}", config.where("model_type"), quote(family.model_type));
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(directory);
  check_new(more, *tokenizer);
  const ModelWeights weights(directory);
  const int64_t before = config.get_int("vocab_size", 1, INT32_MAX);
  const auto first = static_cast<int64_t>(tokenizer->vocab_size());
  if (first > before) fail("{}: the tokenizer has {} tokens, the model only {}", directory, first, before);
  const int64_t words = std::max(before, first + std::ssize(more.tokens));
  write_tokenizer(directory, output, more, *tokenizer, first);

  const NamePattern tables(family.words);
  const double deviation = config.get_number_or("initializer_range", 0.02, 0, 1000);
  std::vector<SafetensorsEntry> entries;
  std::deque<std::vector<std::byte>> grown;
  bool found = false;
  for (const SafetensorsEntry* entry : weights.entries()) {
    SafetensorsEntry& out = entries.emplace_back(*entry);
    std::string name = parameter_name(names, entry->name);
    if (!tables.matches(name)) continue;
    if (entry->shape.empty() || entry->shape[0] != before || !entry->thaw_dtype())
      fail("{}: tensor {} has no {} words of floating numbers", directory, entry->name, before);
    for (const auto& [one, other] : names.tied)  // tied tables get the same rows
      if (name == one && weights.find(other)) name = other;
    found = true;
    // Spare rows behind the new tokens' stay what they were: only an end that is missing, or is taken now, is drawn.
    std::vector<std::byte>& bytes =
        grown.emplace_back(grown_bytes(*entry, name, first, first + std::ssize(more.tokens), deviation, seed));
    if (words == before) {
      const auto rest = entry->bytes.subspan(bytes.size());
      bytes.insert(bytes.end(), rest.begin(), rest.end());
    }
    out.shape[0] = words;
    out.bytes = bytes;
  }
  if (!found) fail("{}: no table of words is among its weights", directory);
  write_model_weights(output, entries);
  config.set("vocab_size", words);
  write_file_atomically(output + "/config.json", config.dump());
  write_generation_json(read_generation_json(directory), output);
  keep_preprocessor(directory, output);
  return {first, words};
}

}  // namespace thaw
