// SPDX-License-Identifier: Apache-2.0
// Rows of families whose bodies read rows of numbers in the place of words: frozen transformers (Lu et al. 2021).
#include <fmt/format.h>

#include "models/bert/bert.h"
#include "models/gpt/gpt.h"
#include "models/mpnet/mpnet.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/family_table/row_configs.h"

namespace thaw {

namespace {

// Rows of two numbers, three classes; the longest has five rows.
constexpr const char* sequences =
    R"({"rows": [[0.5, 1], [0, 2], [1, -1]], "answer": 0}
{"rows": [[1, 1], [2, 0.5]], "answer": 1}
{"rows": [[-1, 0.25], [0, 0], [1, 2], [0.5, 0.5], [2, -2]], "answer": 2}
{"rows": [[0.25, -0.5]], "answer": 1}
{"rows": [[2, 2], [1, -0.75], [-2, 1], [0, 1]], "answer": 0}
)";
constexpr const char* unanswered = R"({"rows": [[1, 2], [0.5, -1]]}
{"rows": [[0, 1]]}
{"rows": [[2, 0.5], [1, 1], [-1, 0]]}
)";
constexpr int64_t row_numbers = 2, classes = 3, longest = 5;

// How a family names its parts, for rules.
struct BodyNames {
  std::string words, norms, positions;
  int64_t first_position, norm_layers;  // row of the table; norms of a gain and a bias each
};

std::vector<TuningPlan> body_plans(const TunedSizes& s, const BodyNames& names) {
  const int64_t c = s.channels, n = s.layers, r = 3;
  const int64_t input = row_numbers * c + c, output = c * classes + classes, norms = names.norm_layers * 2 * c;
  return {
      {"all that is read", fmt::format("freeze {}", names.words), s.numbers - s.vocabulary * c},
      {"the authors'",
       fmt::format("freeze sequence_model.*\ntrain {}\ntrain {} rows {}:{}", names.norms, names.positions,
                   names.first_position, names.first_position + longest),
       input + output + norms + longest * c},
      {"norms", fmt::format("freeze *\ntrain out_net.*\ntrain {}", names.norms), output + norms},
      {"ends", "freeze sequence_model.*", input + output},
      {"output", "freeze *\ntrain out_net.*", output},
      {"LoRA", fmt::format("lora r={}", r), n * r * 4 * c + input + output},
      {"prefix and prompt", "prefix n=4\nprompt n=3", n * 2 * 4 * c + 3 * c + input + output},
  };
}

// A row but for what the family says of itself.
FamilyRow body_row(const char* model_type, const char* unread) {
  return {.model_type = model_type,
          .task = "frozen",
          .file = "t.jsonl",
          .content = sequences,
          .rows = unanswered,
          .predicted = 3,
          .write = nullptr,
          .plans = nullptr,
          .rows_file = "rows.jsonl",
          .unread = unread};
}

}  // namespace

std::vector<FamilyRow> body_rows() {
  std::vector<FamilyRow> rows;
  rows.push_back(body_row("bert", "freeze *word_embeddings.weight"));
  rows.back().write = [](const std::string& directory, double dropout) {
    write_small_model<Bert>(directory, row_bert_config(dropout));
  };
  rows.back().plans = [](int64_t numbers) {
    const BertConfig c = row_bert_config(0);
    return body_plans(sizes_of(c, numbers), {"*word_embeddings.weight", "*LayerNorm.*", "*position_embeddings.weight",
                                             0, 2 * c.num_hidden_layers + 1});
  };
  rows.push_back(body_row("mpnet", "freeze *word_embeddings.weight"));
  rows.back().write = [](const std::string& directory, double dropout) {
    write_small_mpnet<MPNetEncoder>(directory, row_mpnet_config(dropout));
  };
  rows.back().plans = [](int64_t numbers) {
    const MPNetConfig c = row_mpnet_config(0);
    return body_plans(sizes_of(c, numbers), {"*word_embeddings.weight", "*LayerNorm.*", "*position_embeddings.weight",
                                             2, 2 * c.num_hidden_layers + 1});
  };
  rows.push_back(body_row("gpt2", "freeze *wte.weight"));
  rows.back().write = [](const std::string& directory, double dropout) {
    write_small_model<GptModel>(directory, row_gpt_config("gpt2", dropout));
  };
  rows.back().plans = [](int64_t numbers) {
    const GptConfig c = row_gpt_config("gpt2", 0);
    return body_plans(sizes_of(c, numbers), {"*wte.weight", "*ln_*", "*wpe.weight", 0, 2 * c.n_layer + 1});
  };
  rows.push_back(body_row("openai-gpt", "freeze *tokens_embed.weight"));
  rows.back().write = [](const std::string& directory, double dropout) {
    write_small_model<GptModel>(directory, row_gpt_config("openai-gpt", dropout));
  };
  rows.back().plans = [](int64_t numbers) {
    const GptConfig c = row_gpt_config("openai-gpt", 0);
    return body_plans(sizes_of(c, numbers),
                      {"*tokens_embed.weight", "*ln_*", "*positions_embed.weight", 0, 2 * c.n_layer});
  };
  return rows;
}

}  // namespace thaw
