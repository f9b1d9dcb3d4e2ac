// SPDX-License-Identifier: Apache-2.0
// Finds out what tokenizer a directory holds.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/text/bert_tokenizer.h"
#include "models/text/bpe_model.h"
#include "models/text/bpe_tokenizers.h"
#include "models/text/byt5_tokenizer.h"
#include "models/text/sentencepiece_tokenizer.h"
#include "models/text/t5_tokenizer.h"
#include "models/text/token_model.h"
#include "models/text/tokenizer.h"
#include "models/text/tokenizer_config.h"
#include "models/text/tokenizer_description.h"
#include "models/text/tokenizer_files.h"
#include "models/text/tokenizer_json.h"
#include "tensor/check.h"

namespace thaw {

namespace {

using Source = TokenizerClass::Source;

constexpr size_t max_vocabulary_bytes = size_t{64} << 20;

std::unique_ptr<Tokenizer> from_json(const std::string& text, const std::string& path, TokenizerConfig config,
                                     std::vector<ProcessorFile> files) {
  const Json json = Json::parse(text, path);
  const std::string type = read_model_type(json);
  if (!config.truncate_left) config.truncate_left = read_truncates_left(json);
  const Json& model = json.get_object("model");
  switch (config.kind.source) {
    case Source::file: return make_tokenizer(read_description(json, config), config, std::move(files));
    case Source::t5: return make_tokenizer(read_t5(json, config), config, std::move(files));
    case Source::bert:
    case Source::mpnet:
      if (type != "WordPiece") unsupported_component(model, type, "WordPiece");
      return make_tokenizer(describe_bert(read_vocabulary(model), read_added_tokens(json), path, config), config,
                            std::move(files));
    default:
      if (type != "BPE") unsupported_component(model, type, "BPE");
      return make_tokenizer(describe_bpe(read_bpe_parts(json, path), config), config, std::move(files));
  }
}

bool is_bpe(Source source) {
  return source == Source::gpt2 || source == Source::openai_gpt || source == Source::clip || source == Source::roberta;
}

// spiece.model alone: T5's if a file says so, sentencepiece itself if no file says anything.
std::unique_ptr<Tokenizer> from_sentencepiece(const std::string& directory, const TokenizerConfig& config,
                                              std::vector<ProcessorFile> files) {
  const bool is_t5 = config.kind.source == Source::t5;
  const auto content = read_tokenizer_file(directory, "spiece.model", max_vocabulary_bytes, files);
  if (!content && is_t5)
    fail("{}: neither tokenizer.json nor spiece.model is there, of which {} is made", directory, config.kind.where);
  if (!content) return nullptr;
  const std::string path = directory + "/spiece.model";
  if (is_t5) return make_tokenizer(describe_t5(*content, path, config), config, std::move(files));
  if (config.kind.where.empty() && config.kind.source == Source::file)
    return std::make_unique<SentencePieceTokenizer>(*content, path, std::move(files));
  return nullptr;
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const std::string& directory) {
  if (!std::filesystem::is_directory(directory)) fail("{}: not a directory", directory);
  std::vector<ProcessorFile> files;
  const TokenizerConfig config = read_tokenizer_config(directory, files);
  if (config.kind.source == Source::byt5) return make_byt5(config, std::move(files));
  const auto text = read_tokenizer_file(directory, "tokenizer.json", max_vocabulary_bytes, files);
  const auto vocabulary = read_tokenizer_file(directory, "vocab.txt", max_vocabulary_bytes, files);
  const auto bpe_vocabulary = read_tokenizer_file(directory, "vocab.json", max_vocabulary_bytes, files);
  const auto merges = read_tokenizer_file(directory, "merges.txt", max_vocabulary_bytes, files);
  if (text) read_tokenizer_file(directory, "spiece.model", max_vocabulary_bytes, files);  // kept, as it is
  if (text) return from_json(*text, directory + "/tokenizer.json", config, std::move(files));
  if (is_bpe(config.kind.source)) {
    if (!bpe_vocabulary || !merges)
      fail("{}: neither tokenizer.json nor {} is there, of which {} is made", directory,
           bpe_vocabulary ? "merges.txt" : "vocab.json", config.kind.where);
    BpeParts parts;
    parts.path = directory + "/vocab.json";
    parts.vocabulary = parse_vocabulary_json(*bpe_vocabulary, parts.path);
    parts.merges = parse_merges(*merges, directory + "/merges.txt", parts.vocabulary);
    return make_tokenizer(describe_bpe(std::move(parts), config), config, std::move(files));
  }
  if (!vocabulary && bpe_vocabulary && merges)
    fail("{}: vocab.json and merges.txt without a tokenizer_class in tokenizer_config.json do not say which it is",
         directory);
  if (!vocabulary || config.kind.source == Source::t5)
    if (auto tokenizer = from_sentencepiece(directory, config, files)) return tokenizer;
  if (!vocabulary) fail("{}: neither tokenizer.json nor vocab.txt is there", directory);
  if (!config.kind.reads_vocabulary)
    fail("{} without a tokenizer.json is not supported (supported: BertTokenizer and its kin)", config.kind.where);
  const std::string path = directory + "/vocab.txt";
  return make_tokenizer(describe_bert(parse_vocabulary(*vocabulary, path), {}, path, config), config, std::move(files));
}

}  // namespace thaw
