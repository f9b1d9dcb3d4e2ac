// SPDX-License-Identifier: Apache-2.0
// Finds out what tokenizer a directory holds.
#include <filesystem>

#include "models/text/wordpiece_files.h"
#include "tensor/check.h"
#include "tensor/json_place.h"

namespace thaw {

namespace {

constexpr size_t max_vocabulary_bytes = size_t{64} << 20;

// Older files leave out the model's type.
std::string model_type(const Json& json) {
  const Json& model = json.get_object("model");
  if (model.contains("type")) return model.get_string("type");
  return model.contains("max_input_chars_per_word") && !model.contains("merges") ? "WordPiece" : "";
}

// A token that the configuration names must be there: thaw does not add rows to a model's embedding unasked.
void check_names(const TokenizerConfig& config, const Tokenizer& tokenizer) {
  const TokenRoles& roles = config.roles;
  const std::pair<const char*, const std::string*> named[] = {{"unk_token", &roles.unknown},
                                                              {"cls_token", &roles.cls},
                                                              {"sep_token", &roles.sep},
                                                              {"pad_token", &roles.pad},
                                                              {"mask_token", &roles.mask}};
  for (const auto& [key, token] : named)
    if (!token->empty() && !tokenizer.find_id(*token))
      fail("{}: {} is {}, which is not in the vocabulary", config.path, key, quote(*token));
  for (const AddedToken& token : config.added)
    if (!tokenizer.find_id(token.content))
      fail("{}: the added token {} is not in the vocabulary", config.path, quote(token.content));
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const std::string& directory) {
  if (!std::filesystem::is_directory(directory)) fail("{}: not a directory", directory);
  std::vector<TokenizerFile> files;
  const TokenizerConfig config = read_tokenizer_config(directory, files);
  const auto text = read_tokenizer_file(directory, "tokenizer.json", max_vocabulary_bytes, files);
  const auto vocabulary = read_tokenizer_file(directory, "vocab.txt", max_vocabulary_bytes, files);
  std::unique_ptr<Tokenizer> tokenizer;
  if (text) {
    const Json json = Json::parse(*text, directory + "/tokenizer.json");
    const std::string type = model_type(json);
    if (type != "WordPiece") unsupported_component(json, "model", type, "WordPiece");
    tokenizer = make_wordpiece(read_wordpiece_json(json), config, std::move(files));
  } else if (vocabulary) {
    const std::string path = directory + "/vocab.txt";
    tokenizer = make_wordpiece(describe_vocabulary(parse_vocabulary(*vocabulary, path), path, config), config,
                               std::move(files));
  } else {
    fail("{}: neither tokenizer.json nor vocab.txt is there", directory);
  }
  check_names(config, *tokenizer);
  return tokenizer;
}

}  // namespace thaw
