// SPDX-License-Identifier: Apache-2.0
// Finds out what tokenizer a directory holds.
#include <filesystem>

#include "models/text/tokenizer_files.h"
#include "models/text/tokenizer_json.h"
#include "models/text/wordpiece_files.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr size_t max_vocabulary_bytes = size_t{64} << 20;

// Older files leave out the model's type.
std::string model_type(const Json& json) {
  const Json& model = json.get_object("model");
  if (model.contains("type")) return model.get_string("type");
  return model.contains("max_input_chars_per_word") && !model.contains("merges") ? "WordPiece" : "";
}

std::unique_ptr<Tokenizer> from_json(const std::string& text, const std::string& path, TokenizerConfig config,
                                     std::vector<TokenizerFile> files) {
  const Json json = Json::parse(text, path);
  const std::string type = model_type(json);
  const Json& model = json.get_object("model");
  if (type.empty()) fail("{}: missing, expected WordPiece", model.where("type"));
  if (type != "WordPiece") unsupported_component(model, type, "WordPiece");
  if (!config.truncate_left) config.truncate_left = read_truncates_left(json);
  const WordPieceDescription description =
      config.kind.source == TokenizerClass::Source::file
          ? read_wordpiece_json(json, config)
          : describe_bert(read_vocabulary(model), read_added_tokens(json), path, config);
  return make_wordpiece(description, config, std::move(files));
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const std::string& directory) {
  if (!std::filesystem::is_directory(directory)) fail("{}: not a directory", directory);
  std::vector<TokenizerFile> files;
  const TokenizerConfig config = read_tokenizer_config(directory, files);
  const auto text = read_tokenizer_file(directory, "tokenizer.json", max_vocabulary_bytes, files);
  const auto vocabulary = read_tokenizer_file(directory, "vocab.txt", max_vocabulary_bytes, files);
  if (text) return from_json(*text, directory + "/tokenizer.json", config, std::move(files));
  if (!vocabulary) fail("{}: neither tokenizer.json nor vocab.txt is there", directory);
  if (!config.kind.reads_vocabulary)
    fail("{} without a tokenizer.json is not supported (supported: BertTokenizer and its kin)", config.kind.where);
  const std::string path = directory + "/vocab.txt";
  return make_wordpiece(describe_bert(parse_vocabulary(*vocabulary, path), {}, path, config), config, std::move(files));
}

}  // namespace thaw
