// SPDX-License-Identifier: Apache-2.0
// The rows of families that hear sounds; none where thaw cannot read them.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/ast/classification.h"
#include "models/audio/sound.h"
#include "models/whisper/classification.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/small_ast.h"
#include "tests/models/small_sounds.h"
#include "tests/models/small_whisper.h"
#include "tests/models/tuning_plans.h"

namespace thaw {

namespace {

constexpr const char* classes = "audio\tlabel\n0.wav\ta\n1.wav\tb\n2.wav\tc\n3.wav\tb\n4.wav\ta\n";
constexpr const char* rows = "audio\n5.wav\n1.wav\n0.wav\n";

ASTConfig ast_config(double dropout) {
  ASTConfig c = small_ast_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

WhisperConfig whisper_config(double dropout) {
  WhisperConfig c = small_whisper_config();
  c.encoder_layers = 4;
  c.dropout = c.attention_dropout = c.activation_dropout = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

std::vector<std::pair<std::string, std::string>> sounds() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 6; ++i)
    files.emplace_back(fmt::format("{}.wav", i), tone_bytes(300.0 + 250 * i, 1000 + 300 * i, 16'000));
  return files;
}

FamilyRow row_of(const char* model_type) {
  return {.model_type = model_type,
          .task = "audio-classification",
          .file = "t.tsv",
          .content = classes,
          .rows = rows,
          .predicted = 3,
          .write = nullptr,
          .plans = nullptr,
          .reads_texts = false,
          .beside = sounds()};
}

}  // namespace

std::vector<FamilyRow> sound_rows() {
  if (!reads_sounds()) return {};
  FamilyRow ast = row_of("audio-spectrogram-transformer"), whisper = row_of("whisper");
  ast.write = [](const std::string& directory, double dropout) {
    write_small_model<ASTForAudioClassification>(directory, ast_config(dropout));
  };
  ast.plans = [](int64_t numbers) {
    const ASTConfig c = ast_config(0);
    return ast_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, 0, numbers}, c.num_labels());
  };
  whisper.write = [](const std::string& directory, double dropout) {
    write_small_model<WhisperForAudioClassification>(directory, whisper_config(dropout));
  };
  whisper.plans = [](int64_t numbers) {
    const WhisperConfig c = whisper_config(0);
    return whisper_plans({c.d_model, c.encoder_ffn_dim, c.encoder_layers, 0, numbers}, c.max_source_positions,
                         c.classifier_proj_size, c.num_labels());
  };
  whisper.unread = "freeze encoder.embed_positions.weight";
  return {ast, whisper};
}

}  // namespace thaw
