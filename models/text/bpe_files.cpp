// SPDX-License-Identifier: Apache-2.0
// BPE in files: the section `model` of tokenizer.json, vocab.json and merges.txt.
#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "models/text/bpe_model.h"
#include "models/text/tokenizer_json.h"
#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// Adds merges one after the other; the place of each is for messages.
class MergeList {
 public:
  MergeList(const Vocabulary& vocabulary, std::string prefix) : vocabulary_(vocabulary), prefix_(std::move(prefix)) {}

  // where(): the place of the merge.
  void add(std::string_view left, std::string_view right, const auto& where) {
    if (!right.starts_with(prefix_))
      fail("{}: {} does not begin with continuing_subword_prefix {}", where(), quote(right), quote(prefix_));
    const int32_t first = id_of(left, where), second = id_of(right, where);
    std::string both(left);
    both += right.substr(prefix_.size());
    const auto result = vocabulary_.find_id(both);
    if (!result)
      fail("{}: {} and {} merge to {}, which is not in the vocabulary", where(), quote(left), quote(right),
           quote(both));
    const uint64_t key = static_cast<uint64_t>(static_cast<uint32_t>(first)) << 32 | static_cast<uint32_t>(second);
    const auto [earlier, is_new] = places_.emplace(key, merges.size());
    if (!is_new)
      fail("{}: the merge of {} and {} is there already, as number {}", where(), quote(left), quote(right),
           earlier->second + 1);
    merges.push_back({first, second, *result});
  }

  // "LEFT RIGHT".
  void add(std::string_view line, const auto& where) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
      fail("{}: expected two tokens with a space between, found {}", where(), quote(line));
    add(line.substr(0, space), line.substr(space + 1), where);
  }

  std::vector<BpeMerge> merges;

 private:
  int32_t id_of(std::string_view token, const auto& where) const {
    const auto id = vocabulary_.find_id(token);
    if (!id) fail("{}: the token {} is not in the vocabulary", where(), quote(token));
    return *id;
  }

  const Vocabulary& vocabulary_;
  std::string prefix_;
  std::unordered_map<uint64_t, size_t> places_;
};

}  // namespace

std::vector<BpeMerge> read_merges(const Json& model, const Vocabulary& vocabulary, const std::string& prefix) {
  const Json& list = model.get_array("merges");
  MergeList out(vocabulary, prefix);
  out.merges.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    const auto where = [&] { return list.where(i); };
    const Json& item = list.at(i);
    if (item.is_string()) {
      out.add(item.as_string(), where);
    } else {
      const Json& pair = list.get_array(i);
      if (pair.size() != 2) fail("{}: expected two tokens, found {}", list.where(i), pair.size());
      out.add(pair.get_string(0), pair.get_string(1), where);
    }
  }
  return std::move(out.merges);
}

std::vector<BpeMerge> parse_merges(std::string_view content, const std::string& path, const Vocabulary& vocabulary) {
  MergeList out(vocabulary, "");
  size_t number = 0;
  for (size_t begin = 0; begin < content.size();) {
    ++number;
    size_t end = content.find('\n', begin);
    if (end == std::string_view::npos) end = content.size();
    std::string_view line = content.substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("#version")) continue;
    const auto where = [&] { return fmt::format("{}:{}", path, number); };
    if (const size_t bad = utf8_error_offset(line); bad < line.size())
      fail("{}: byte {} is not valid UTF-8", where(), bad + 1);
    out.add(line, where);
  }
  return std::move(out.merges);
}

Vocabulary parse_vocabulary_json(const std::string& content, const std::string& path) {
  const Json json = Json::parse(content, path);
  if (!json.is_object()) fail("{}: expected an object, found {}", path, json.describe());
  return vocabulary_of(json);
}

ModelDescription read_bpe(const Json& model) {
  BpeOptions options;
  if (const Json* unknown = model.find("unk_token"); unknown && !unknown->is_null())
    options.unknown = model.get_string("unk_token");
  options.prefix = model.get_string_or("continuing_subword_prefix", "");
  options.suffix = model.get_string_or("end_of_word_suffix", "");
  options.fuse_unknown = model.get_bool_or("fuse_unk", false);
  options.byte_fallback = model.get_bool_or("byte_fallback", false);
  options.ignore_merges = model.get_bool_or("ignore_merges", false);
  if (const double share = model.get_number_or("dropout", 0, 0, 1); share > 0)
    fail("{}: {} is not supported: merges are never left out", model.where("dropout"), share);
  Vocabulary vocabulary = read_vocabulary(model);
  if (options.unknown && !vocabulary.find_id(*options.unknown))
    fail("{}: the unknown token {} is missing", model.where("vocab"), quote(*options.unknown));
  std::vector<BpeMerge> merges = read_merges(model, vocabulary, options.prefix);
  auto bpe = std::make_shared<BpeModel>(vocabulary, std::move(merges), std::move(options));
  return {std::move(vocabulary), std::move(bpe)};
}

Json BpeModel::json(const Vocabulary& vocabulary) const {
  Json merges = Json::array();
  for (const BpeMerge& merge : merges_)
    merges.push_back(std::vector<std::string>{*vocabulary.find_token(merge.left), *vocabulary.find_token(merge.right)});
  Json model = Json::object();
  model.set("type", "BPE").set("dropout", nullptr);
  model.set("unk_token", options_.unknown ? Json(*options_.unknown) : Json(nullptr));
  model.set("continuing_subword_prefix", options_.prefix).set("end_of_word_suffix", options_.suffix);
  model.set("fuse_unk", options_.fuse_unknown).set("byte_fallback", options_.byte_fallback);
  model.set("ignore_merges", options_.ignore_merges).set("vocab", vocabulary_json(vocabulary));
  return model.set("merges", std::move(merges));
}

}  // namespace thaw
