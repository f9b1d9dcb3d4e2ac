// SPDX-License-Identifier: Apache-2.0
// Rows of what families are pretrained by, beside GPT-2's (family_rows.cpp).
#include <fmt/format.h>

#include "models/bert/pretraining.h"
#include "models/gpt/language_model.h"
#include "models/mpnet/heads.h"
#include "tests/file_bytes.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/family_table/row_configs.h"

namespace thaw {

namespace {

constexpr const char* documents = "the cat sat\nbad film\ngood dog\nvery bad dog on the mat\nnot a good film\n";
constexpr const char* texts_of_sentences =
    "the cats sat. A dog sat on the mats. Very good!\n\nthe film. Not bad. Goodly, very goodly\n\nthe dog. A mat\n\n"
    "a b c d. E d c b a. On the mat\n\nvery bad film\n\ncats, dogs. The films\n";
// Five words are told for each.
constexpr const char* gaps = "text\nthe [MASK] sat\nvery [MASK] !\n[MASK] film\n";
constexpr const char* mpnet_gaps = "text\nthe <mask> sat\nvery <mask> !\n<mask> film\n";

// Of a model with BERT's head for masked words, whose decoder is the words' table; `pooled`: and that for next
// sentences. N layers of C, F inner.
std::vector<TuningPlan> bert_pretraining_plans(const TunedSizes& s, bool pooled) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, r = 3;
  const int64_t head = c * c + c + 2 * c + s.vocabulary + (pooled ? 2 * c + 2 : 0);
  const int64_t layer = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c, pooler = pooled ? c * c + c : 0;
  return {
      {"all", "train *", s.numbers},
      {"heads", "freeze bert.*", head},
      {"upper half", fmt::format("freeze bert.embeddings.*\nfreeze bert.encoder.layer.{{0..{}}}.*", n / 2 - 1),
       (n - n / 2) * layer + pooler + head},
      {"LoRA", fmt::format("lora r={}\ntrain cls.*", r), n * 2 * 2 * r * c + head},
      {"prefix and prompt", "prefix n=4\nprompt n=3\ntrain cls.*", n * 2 * 4 * c + 3 * c + head},
  };
}

std::vector<TuningPlan> mpnet_mlm_plans(const TunedSizes& s) {
  const int64_t c = s.channels, n = s.layers, r = 3;
  const int64_t head = c * c + c + 2 * c + s.vocabulary;
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze mpnet.*", head},
      {"norms", "freeze *\ntrain *LayerNorm*", 2 * c * (2 * n + 1)},
      {"LoRA", fmt::format("lora r={}\ntrain lm_head.*", r), n * 2 * 2 * r * c + head},
      {"prefix and prompt", "prefix n=4\nprompt n=3\ntrain lm_head.*", n * 2 * 4 * c + 3 * c + head},
  };
}

// Of an OpenAIGPTLMHeadModel whose output matrix is the words'.
std::vector<TuningPlan> gpt1_lm_plans(const TunedSizes& s) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, r = 3;
  const int64_t layer = 4 * c * c + 2 * c * f + 5 * c + f + 4 * c;
  return {
      {"all", "train *", s.numbers},
      {"last layer", fmt::format("freeze *\ntrain *.h.{}.*", n - 1), layer},
      {"norms", "freeze *\ntrain *ln_*", n * 4 * c},
      {"LoRA", fmt::format("lora r={}", r), n * r * 4 * c},
      {"prefix and prompt", "prefix n=4\nprompt n=3", n * 2 * 4 * c + 3 * c},
  };
}

}  // namespace

std::vector<FamilyRow> pretraining_rows() {
  return {
      {.model_type = "bert",
       .task = "mlm",
       .file = "t.txt",
       .content = documents,
       .rows = gaps,
       .predicted = 15,
       .write = [](const std::string& directory,
                   double dropout) { write_small_model<BertForMaskedLM>(directory, row_bert_config(dropout)); },
       .plans = [](int64_t numbers) { return bert_pretraining_plans(sizes_of(row_bert_config(0), numbers), false); },
       .draws_examples = true},
      {.model_type = "bert",
       .task = "pretraining",
       .file = "t.txt",
       .content = texts_of_sentences,
       .rows = gaps,
       .predicted = 15,
       .write = [](const std::string& directory,
                   double dropout) { write_small_model<BertForPreTraining>(directory, row_bert_config(dropout)); },
       .plans = [](int64_t numbers) { return bert_pretraining_plans(sizes_of(row_bert_config(0), numbers), true); },
       .draws_examples = true},
      {.model_type = "mpnet",
       .task = "mlm",
       .file = "t.txt",
       .content = documents,
       .rows = mpnet_gaps,
       .predicted = 15,
       .write = [](const std::string& directory,
                   double dropout) { write_small_mpnet<MPNetForMaskedLM>(directory, row_mpnet_config(dropout)); },
       .plans = [](int64_t numbers) { return mpnet_mlm_plans(sizes_of(row_mpnet_config(0), numbers)); },
       .draws_examples = true},
      {.model_type = "openai-gpt",
       .task = "lm",
       .file = "t.txt",
       .content = documents,
       .rows = "text\nthe dog\nvery good !\nfilm\n",
       .predicted = 3,
       .write =
           [](const std::string& directory, double dropout) {
             write_small_model<GptLMHeadModel>(directory, row_gpt_config("openai-gpt", dropout));
             write_bytes(directory + "/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
           },
       .plans = [](int64_t numbers) { return gpt1_lm_plans(sizes_of(row_gpt_config("openai-gpt", 0), numbers)); }},
  };
}

}  // namespace thaw
