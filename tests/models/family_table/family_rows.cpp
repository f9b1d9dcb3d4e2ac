// SPDX-License-Identifier: Apache-2.0
// The rows: a new family is one more, and has every feature tested.
#include <utility>
#include <vector>

#include "models/bert/classification.h"
#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/mpnet/heads.h"
#include "models/t5/t5.h"
#include "tests/file_bytes.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/family_table/row_configs.h"
#include "tests/models/small_encoder_decoder.h"
#include "tests/models/small_t5.h"

namespace thaw {

namespace {

constexpr const char* classes =
    "text\tlabel\nthe cat sat\ta\nbad film\tb\ngood\tc\nvery bad dog on the mat\tb\nthe cat\ta\nnot a good film\tc\n"
    "the dog sat on the mat\ta\n";
constexpr const char* texts = "text\nthe dog\nvery good !\nfilm\n";
constexpr const char* documents = "the cat sat\nbad film\ngood dog\nvery bad dog on the mat\nnot a good film\n";
constexpr const char* pairs =
    "source\ttarget\nthe cat sat\tgood dog\nthe dog\ta very good film\nnot a mat\tplay on\nplay\tnot bad\n"
    "the cat sat on the mat\tthe cat\n";
constexpr const char* sources = "source\nthe dog\nvery good !\nfilm\n";

T5Config t5_config(const std::string& model_type, double dropout) {
  T5Config c = small_t5_config();
  c.model_type = model_type;
  c.num_layers = c.num_decoder_layers = 3;
  c.num_heads = 4;
  c.feed_forward_proj = c.dense_act_fn = "relu";
  c.is_gated_act = false;
  c.tie_word_embeddings = c.head_is_shared = true;
  c.dropout_rate = dropout;
  c.eos_token_ids = {3};  // [SEP]
  return c;
}

EncoderDecoderConfig encoder_decoder_config(double dropout) {
  EncoderDecoderConfig c = small_encoder_decoder_config();
  for (BertConfig* half : {&c.encoder, &c.decoder}) {
    half->num_hidden_layers = 2;
    half->hidden_dropout_prob = half->attention_probs_dropout_prob = dropout;
  }
  return c;
}

template <typename Model = GptForSequenceClassification>
void write_gpt(const char* model_type, const std::string& directory, double dropout) {
  write_small_model<Model>(directory, row_gpt_config(model_type, dropout));
  write_bytes(directory + "/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
}

void write_t5(const char* model_type, const std::string& directory, double dropout) {
  write_small_model<T5ForConditionalGeneration>(directory, t5_config(model_type, dropout));
  write_bytes(directory + "/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
}

std::vector<TuningPlan> t5_rules(const char* model_type, int64_t numbers) {
  const T5Config c = t5_config(model_type, 0);
  return t5_plans({c.d_model, c.d_ff, c.num_layers, c.vocab_size, numbers}, c.relative_attention_num_buckets,
                  c.num_heads, c.has_bias_in_every_layer());
}

std::vector<FamilyRow> text_rows() {
  return {
      {.model_type = "bert",
       .task = "classification",
       .file = "t.tsv",
       .content = classes,
       .rows = texts,
       .predicted = 3,
       .write =
           [](const std::string& directory, double dropout) {
             write_small_model<BertForSequenceClassification>(directory, row_bert_config(dropout));
           },
       .plans =
           [](int64_t numbers) {
             const BertConfig c = row_bert_config(0);
             return bert_plans(sizes_of(c, numbers), c.num_labels());
           }},
      {.model_type = "mpnet",
       .task = "classification",
       .file = "t.tsv",
       .content = classes,
       .rows = texts,
       .predicted = 3,
       .write =
           [](const std::string& directory, double dropout) {
             write_small_mpnet<MPNetForSequenceClassification>(directory, row_mpnet_config(dropout));
           },
       .plans =
           [](int64_t numbers) {
             const MPNetConfig c = row_mpnet_config(0);
             return mpnet_plans(sizes_of(c, numbers), c.relative_attention_num_buckets, c.num_attention_heads,
                                c.num_labels());
           }},
      {.model_type = "encoder-decoder",
       .task = "text2text",
       .file = "t.tsv",
       .content = pairs,
       .rows = sources,
       .predicted = 3,
       .write =
           [](const std::string& directory, double dropout) {
             write_small_model<EncoderDecoderModel>(directory, encoder_decoder_config(dropout));
           },
       .plans =
           [](int64_t numbers) { return encoder_decoder_plans(sizes_of(encoder_decoder_config(0).encoder, numbers)); }},
      {.model_type = "gpt2",
       .task = "classification",
       .file = "t.tsv",
       .content = classes,
       .rows = texts,
       .predicted = 3,
       .write = [](const std::string& directory, double dropout) { write_gpt("gpt2", directory, dropout); },
       .plans =
           [](int64_t numbers) {
             const GptConfig c = row_gpt_config("gpt2", 0);
             return gpt2_plans(sizes_of(c, numbers), c.n_positions, c.num_labels());
           }},
      {.model_type = "gpt2",
       .task = "lm",
       .file = "t.txt",
       .content = documents,
       .rows = texts,
       .predicted = 3,
       .write = [](const std::string& directory,
                   double dropout) { write_gpt<GptLMHeadModel>("gpt2", directory, dropout); },
       .plans =
           [](int64_t numbers) {
             const GptConfig c = row_gpt_config("gpt2", 0);
             return gpt2_plans(sizes_of(c, numbers), c.n_positions, 0);
           }},
      {.model_type = "openai-gpt",
       .task = "classification",
       .file = "t.tsv",
       .content = classes,
       .rows = texts,
       .predicted = 3,
       .write = [](const std::string& directory, double dropout) { write_gpt("openai-gpt", directory, dropout); },
       .plans =
           [](int64_t numbers) {
             const GptConfig c = row_gpt_config("openai-gpt", 0);
             return gpt1_plans(sizes_of(c, numbers), c.num_labels());
           }},
      {.model_type = "t5",
       .task = "text2text",
       .file = "t.tsv",
       .content = pairs,
       .rows = sources,
       .predicted = 3,
       .write = [](const std::string& directory, double dropout) { write_t5("t5", directory, dropout); },
       .plans = [](int64_t numbers) { return t5_rules("t5", numbers); }},
      {.model_type = "mt5",
       .task = "text2text",
       .file = "t.tsv",
       .content = pairs,
       .rows = sources,
       .predicted = 3,
       .write = [](const std::string& directory, double dropout) { write_t5("mt5", directory, dropout); },
       .plans = [](int64_t numbers) { return t5_rules("mt5", numbers); }},
      {.model_type = "umt5",
       .task = "text2text",
       .file = "t.tsv",
       .content = pairs,
       .rows = sources,
       .predicted = 3,
       .write = [](const std::string& directory, double dropout) { write_t5("umt5", directory, dropout); },
       .plans = [](int64_t numbers) { return t5_rules("umt5", numbers); }},
  };
}

}  // namespace

const std::vector<FamilyRow>& family_rows() {
  static const std::vector<FamilyRow> rows = [] {
    std::vector<FamilyRow> all = text_rows();
    for (FamilyRow& row : pretraining_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : body_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : picture_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : sound_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : film_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : pair_rows()) all.push_back(std::move(row));
    for (FamilyRow& row : question_rows()) all.push_back(std::move(row));
    return all;
  }();
  return rows;
}

}  // namespace thaw
