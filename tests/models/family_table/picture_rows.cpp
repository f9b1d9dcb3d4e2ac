// SPDX-License-Identifier: Apache-2.0
// The rows of families that read pictures.
#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/vit/classification.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vit.h"
#include "tests/models/tuning_plans.h"

namespace thaw {

namespace {

ViTConfig vit_config(double dropout) {
  ViTConfig c = small_vit_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

ViTConfig score_config(double dropout) {
  ViTConfig c = vit_config(dropout);
  c.labels = {"LABEL_0"};
  c.problem_type = ProblemType::regression;
  return c;
}

std::vector<std::pair<std::string, std::string>> pictures() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 6; ++i)
    files.emplace_back(fmt::format("{}.ppm", i),
                       ppm_bytes(10 + i, 14 - i, static_cast<uint8_t>(40 * i), 200, static_cast<uint8_t>(220 - 40 * i),
                                 static_cast<uint64_t>(i)));
  return files;
}

}  // namespace

std::vector<FamilyRow> picture_rows() {
  return {
      {.model_type = "vit",
       .task = "image-classification",
       .file = "t.tsv",
       .content = "image\tlabel\n0.ppm\ta\n1.ppm\tb\n2.ppm\tc\n3.ppm\tb\n4.ppm\ta\n",
       .rows = "image\n5.ppm\n1.ppm\n0.ppm\n",
       .predicted = 3,
       .write = [](const std::string& directory,
                   double dropout) { write_small_model<ViTForImageClassification>(directory, vit_config(dropout)); },
       .plans =
           [](int64_t numbers) {
             const ViTConfig c = vit_config(0);
             return vit_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, 0, numbers},
                              1 + c.grid().numel(), c.num_labels());
           },
       .reads_texts = false,
       .beside = pictures()},
      {.model_type = "vit",
       .task = "ranking",
       .file = "t.tsv",
       .content = "image\tscore\tof\n0.ppm\t1\ta\n1.ppm\t2\ta\n2.ppm\t5\tb\n3.ppm\t3\tb\n",
       .rows = "image\n5.ppm\n1.ppm\n0.ppm\n",
       .predicted = 3,
       .write = [](const std::string& directory,
                   double dropout) { write_small_model<ViTForImageClassification>(directory, score_config(dropout)); },
       .plans =
           [](int64_t numbers) {
             const ViTConfig c = score_config(0);
             std::vector<TuningPlan> plans =
                 vit_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, 0, numbers}, 1 + c.grid().numel(),
                           c.num_labels());
             // The last norm's bias moves all numbers alike, too: it has no gradient but rounding.
             std::erase_if(plans, [](const TuningPlan& plan) {
               return std::set<std::string>{"all", "upper half", "BitFit", "norms", "LoRA and norms"}.contains(
                   plan.name);
             });
             for (TuningPlan& plan : plans) {
               plan.rules += "\nfreeze classifier.bias";
               --plan.trained;
             }
             return plans;
           },
       .unread = "freeze classifier.bias",  // it moves all numbers alike
       .reads_texts = false,
       .beside = pictures(),
       .options = {{"group_column", "of"}}}};
}

}  // namespace thaw
