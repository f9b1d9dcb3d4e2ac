// SPDX-License-Identifier: Apache-2.0
// The table of models that are held to goldens: a line for each.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "tensor/check.h"
#include "tests/goldens.h"
#include "tests/models/bert/golden_model.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

struct Entry {
  std::string_view architecture;
  std::unique_ptr<GoldenModel> (*open)(const GoldenCase&, Device, DType);
};

constexpr Entry entries[] = {
    {BertForMaskedLM::architecture, open_golden_bert<BertForMaskedLM>},
    {BertForNextSentencePrediction::architecture, open_golden_bert<BertForNextSentencePrediction>},
    {BertForPreTraining::architecture, open_golden_bert<BertForPreTraining>},
    {BertForQuestionAnswering::architecture, open_golden_bert<BertForQuestionAnswering>},
    {BertForSequenceClassification::architecture, open_golden_bert<BertForSequenceClassification>},
    {BertForTokenClassification::architecture, open_golden_bert<BertForTokenClassification>},
};

// Read by tests of their own.
const std::set<std::string> other_goldens = {"minilm", "pieces", "tokenizers"};

// Null if no entry knows the folder.
const Entry* find_entry(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "trace.json") || std::filesystem::exists(folder / "adapter")) return nullptr;
  const Json config = Json::read((folder / "config.json").string());
  const std::string architecture = config.get_array("architectures").get_string(0);
  const auto found = std::ranges::find(entries, architecture, &Entry::architecture);
  return found == std::end(entries) ? nullptr : found;
}

}  // namespace

std::vector<GoldenCase> model_goldens() {
  std::vector<std::filesystem::path> known;
  std::set<std::string> unknown;
  for (const auto& entry : std::filesystem::directory_iterator(golden_dir())) {
    const std::filesystem::path& folder = entry.path();
    if (!entry.is_directory() || other_goldens.contains(folder.filename().string())) continue;
    if (find_entry(folder)) {
      known.push_back(folder);
    } else {
      unknown.insert(folder.filename().string());
    }
  }
  static bool told = false;
  if (!told && !unknown.empty())
    MESSAGE("skipped: goldens that no test reads: " << fmt::format("{}", fmt::join(unknown, ", ")));
  if (!told && known.empty()) MESSAGE("skipped: no golden of a model is in " << golden_dir().string());
  told = true;
  std::ranges::sort(known);
  return {known.begin(), known.end()};
}

std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype) {
  const Entry* entry = find_entry(golden.directory());
  if (!entry) fail("{}: no entry of the table of golden models knows it", golden.directory());
  return entry->open(golden, device, dtype);
}

}  // namespace thaw
