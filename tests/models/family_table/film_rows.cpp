// SPDX-License-Identifier: Apache-2.0
// The rows of families that read films.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "models/vivit/classification.h"
#include "tests/models/family_table/family_row.h"
#include "tests/models/small_films.h"
#include "tests/models/small_model.h"
#include "tests/models/tuning_plans.h"

namespace thaw {

namespace {

VivitConfig vivit_config(double dropout) {
  VivitConfig c = small_vivit_config();
  c.num_hidden_layers = 4;
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = dropout;
  c.labels = {"a", "b", "c"};
  return c;
}

// Of the model's size and of others.
std::vector<std::pair<std::string, std::string>> films() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 6; ++i)
    files.emplace_back(fmt::format("{}.y4m", i), film_bytes(small_film(4 + i % 3, 6 * (1 + i % 2), 8 * (1 + i % 2),
                                                                       i % 2 == 0, static_cast<uint64_t>(i))));
  return files;
}

}  // namespace

std::vector<FamilyRow> film_rows() {
  return {{.model_type = "vivit",
           .task = "video-classification",
           .file = "t.tsv",
           .content = "video\tlabel\n0.y4m\ta\n1.y4m\tb\n2.y4m\tc\n3.y4m\tb\n4.y4m\ta\n",
           .rows = "video\n5.y4m\n1.y4m\n0.y4m\n",
           .predicted = 3,
           .write =
               [](const std::string& directory, double dropout) {
                 write_small_model<VivitForVideoClassification>(directory, vivit_config(dropout));
               },
           .plans =
               [](int64_t numbers) {
                 const VivitConfig c = vivit_config(0);
                 return vit_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, 0, numbers},
                                  1 + c.embeddings().grid.numel(), c.num_labels(), "vivit");
               },
           .reads_texts = false,
           .beside = films()}};
}

}  // namespace thaw
