// SPDX-License-Identifier: Apache-2.0
// The table of tokenizer classes.
#include "models/text/tokenizer_class.h"

#include <string_view>
#include <utility>

#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

using Source = TokenizerClass::Source;

// Names without "Tokenizer", between spaces.
constexpr std::string_view bert_classes = " Bert Electra LayoutLM Lxmert MobileBert SqueezeBert ";

// Classes of the reference whose tokens are others than tokenizer.json tells. A name that the reference does not know
// either means tokenizer.json as it stands.
constexpr std::string_view other_classes =
    " "
    "Albert Bart Barthez Bartpho BertGeneration BertJapanese Bertweet BigBird BioGpt BlenderbotSmall Blenderbot "
    "CTRL Camembert Canine Character Clvp CodeGen CodeLlama Cohere CpmAnt Cpm DPRContextEncoder "
    "DPRQuestionEncoder DPRReader Deberta DebertaV2 Dia Esm FNet FSMT Flaubert Funnel GPTNeoXJapanese "
    "GPTNeoX GPTSw3 Gemma Herbert LED LayoutLMv2 LayoutLMv3 LayoutXLM Llama Luke M2M100 MBart50 MBart MLuke "
    "Marian MarkupLM Mecab Mvp MyT5 Nllb Nougat PLBart Pegasus Perceiver Phobert ProphetNet Qwen2 "
    "Qwen3_5 Rag Reformer RemBert RoCBert RoFormer Siglip2 Siglip Splinter Tapas Udop Whisper XGLM "
    "XLMRoberta XLM XLNet ";

constexpr std::pair<std::string_view, Source> built_classes[] = {
    {"GPT2", Source::gpt2}, {"OpenAIGPT", Source::openai_gpt},
    {"CLIP", Source::clip}, {"Roberta", Source::roberta},
    {"T5", Source::t5},     {"MT5", Source::t5},
    {"ByT5", Source::byt5}};
constexpr std::pair<std::string_view, Source> built_models[] = {
    {"gpt2", Source::gpt2}, {"openai-gpt", Source::openai_gpt},
    {"clip", Source::clip}, {"roberta", Source::roberta},
    {"t5", Source::t5},     {"mt5", Source::t5},
    {"umt5", Source::t5},   {"mpnet", Source::mpnet}};

TokenizerClass class_named(const Json& file, const std::string& given) {
  const std::string where = fmt::format("{}: {}", file.where("tokenizer_class"), quote(given));
  std::string name = given;
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  if (!name.ends_with("Tokenizer")) return {Source::file, false, false, where};
  name.resize(name.size() - std::string_view("Tokenizer").size());
  const auto is_in = [&](std::string_view list) { return list.find(" " + name + " ") != std::string_view::npos; };
  if (is_in(bert_classes)) return {Source::bert, true, true, where};
  if (name == "DistilBert") return {Source::bert, true, false, where};
  if (name == "MPNet") return {Source::mpnet, true, false, where};
  for (const auto& [known, source] : built_classes)
    if (name == known) return {source, false, false, where};
  if (name == "ConvBert") return {Source::file, true, true, where};
  if (is_in(other_classes))
    fail(
        "{} is not supported (supported: BertTokenizer and its kin, MPNetTokenizer, GPT2Tokenizer, OpenAIGPTTokenizer, "
        "CLIPTokenizer, "
        "RobertaTokenizer, T5Tokenizer, ByT5Tokenizer, PreTrainedTokenizerFast)",
        where);
  return {Source::file, false, false, where};
}

}  // namespace

TokenizerClass find_tokenizer_class(const std::string& directory, const Json& tokenizer_config) {
  const auto named = [](const Json& json) { return json.get_string_or("tokenizer_class", ""); };
  if (const std::string name = named(tokenizer_config); !name.empty()) return class_named(tokenizer_config, name);
  const std::string path = directory + "/config.json";
  if (!is_there(path)) return {};
  const Json config = Json::read(path);
  if (!config.is_object()) fail("{}: an object is expected, found {}", path, config.describe());
  if (const std::string name = named(config); !name.empty()) return class_named(config, name);
  if (const Json* type = config.find("model_type"); type && type->is_string())
    for (const auto& [known, source] : built_models)
      if (type->as_string() == known)
        return {source, source == Source::mpnet, false,
                fmt::format("{}: {}", config.where("model_type"), quote(known))};
  return {Source::bert, true, true, ""};
}

}  // namespace thaw
