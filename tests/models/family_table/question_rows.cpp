// SPDX-License-Identifier: Apache-2.0
// The rows of families that are asked about pictures.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "models/vilt/question_answering.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vilt.h"
#include "tests/models/tuning_plans.h"

namespace thaw {

namespace {

ViltConfig vilt_config(double dropout) {
  ViltConfig c = small_vilt_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

std::vector<std::pair<std::string, std::string>> pictures() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 4; ++i)
    files.emplace_back(fmt::format("{}.ppm", i),
                       ppm_bytes(10 + 2 * i, 16 - i, static_cast<uint8_t>(60 * i), 200,
                                 static_cast<uint8_t>(220 - 60 * i), static_cast<uint64_t>(i)));
  return files;
}

}  // namespace

std::vector<FamilyRow> question_rows() {
  return {
      {.model_type = "vilt",
       .task = "vqa",
       .file = "t.tsv",
       .content = "image\ttext\tlabel\n0.ppm\tthe cat\ta\n0.ppm\tbad dog on the mat\tb\n1.ppm\tthe cat\tc\n"
                  "2.ppm\tgood\tb\n3.ppm\tnot a film\ta\n",
       .rows = "image\ttext\n1.ppm\tthe dog\n3.ppm\tvery good !\n0.ppm\tfilm\n",
       .predicted = 3,
       .write = [](const std::string& directory,
                   double dropout) { write_small_model<ViltForQuestionAnswering>(directory, vilt_config(dropout)); },
       .plans =
           [](int64_t numbers) {
             const ViltConfig c = vilt_config(0);
             return vilt_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, c.vocab_size, numbers},
                               1 + c.pictures().grid.numel(), c.num_labels());
           },
       .reads_texts = false,
       .beside = pictures()}};
}

}  // namespace thaw
