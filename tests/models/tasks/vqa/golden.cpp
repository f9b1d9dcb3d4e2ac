// SPDX-License-Identifier: Apache-2.0
// ViLT's goldens through the task: logits and loss of encodings, alone and behind a frozen part that is kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "models/hub/config.h"
#include "models/image/text_and_patches.h"
#include "models/tasks/vqa/examples.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/vilt/golden_pairs.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// The golden's directory with a vocabulary, which it has not.
void write_directory(const GoldenCase& golden, const ScratchFolder& folder) {
  for (const char* file : {"config.json", "model.safetensors"})
    fs::copy_file(fs::path(golden.directory()) / file, folder.path() / file);
  std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (int64_t id = 5; id < read_config_json(golden.directory()).get_int("vocab_size"); ++id)
    words += "w" + std::to_string(id) + "\n";
  write_bytes(folder / "vocab.txt", words);
}

// The pairs of a batch as examples.
std::shared_ptr<const VqaExamples::Data> examples_of(const GoldenCase& golden, int64_t batch, int64_t patch) {
  auto data = std::make_shared<VqaExamples::Data>();
  const PaddedText texts = golden.padded_text(batch);
  const GoldenPairPictures pictures(golden, batch, patch);
  const std::vector<double> labels = golden.numbers(golden.input(batch, "labels"));
  const size_t answers = labels.size() / static_cast<size_t>(texts.rows);
  for (int64_t row = 0; row < texts.rows; ++row) {
    Encoding text;
    for (int64_t column = 0; column < texts.columns; ++column) {
      const auto cell = static_cast<size_t>(row * texts.columns + column);
      if (!texts.mask.empty() && texts.mask[cell] == 0) continue;
      text.ids.push_back(texts.ids[cell]);
      text.type_ids.push_back(texts.type_ids.empty() ? 0 : texts.type_ids[cell]);
    }
    const PatchedArray& picture = pictures.arrays[static_cast<size_t>(row)];
    const std::vector<float> numbers = patch_numbers(picture);
    const int64_t width = std::ssize(numbers) / picture.grid().numel();
    data->questions.add(
        text_and_patches(std::move(text), std::make_shared<RowsInMemory>(numbers, picture.grid(), width)), row + 1);
    Truth& truth = data->truths.emplace_back();
    for (size_t i = 0; i < answers; ++i)
      if (const double degree = labels[static_cast<size_t>(row) * answers + i]; degree > 0)
        truth.push_back({static_cast<int32_t>(i), static_cast<float>(degree)});
  }
  return data;
}

void check_near(const std::vector<float>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  double most = 0, apart = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    most = std::max(most, std::abs(expected[i]));
    apart = std::max(apart, std::abs(static_cast<double>(got[i]) - expected[i]));
  }
  CHECK(apart <= 1e-4 * most);
}

void check_golden(const std::string& name) {
  if (!has_golden(name)) return;
  INFO(name);
  const GoldenCase golden(golden_dir() / name);
  const ScratchFolder folder;
  write_directory(golden, folder);
  for (const bool kept : {false, true}) {
    CAPTURE(kept);
    QuestionAnswerer model(folder.path().string(), {.trained = true});
    if (kept) FreezeMask::parse("freeze *\ntrain {classifier,vilt.pooler}.*", "rules").apply(model.store());
    for (int64_t batch = 0; golden.has(golden.input(batch, "labels")); ++batch) {
      CAPTURE(batch);
      VqaExamples examples(model,
                           examples_of(golden, batch, std::get<PatchLimits>(model.model().limits().files).patch[0]));
      std::vector<int64_t> all(static_cast<size_t>(examples.size()));
      std::iota(all.begin(), all.end(), 0);
      if (kept) CHECK(examples.keep_frozen({.bytes = 1 << 24, .passes = 3}).kept > 0);
      for (int pass = 0; pass < 2; ++pass) {
        const std::string out = "out." + std::to_string(batch) + ".";
        if (golden.has(out + "logits")) check_near(examples.outputs(all), golden.numbers(out + "logits"));
        if (golden.has(out + "loss")) {
          const float loss = examples.loss(all, examples.terms(all)).item();
          check_near({loss}, golden.numbers(out + "loss"));
          CHECK(examples.evaluate()->loss() == doctest::Approx(loss).epsilon(1e-5));
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("vqa, golden: logits and losses of the task's examples are the reference's") {
  check_golden("vilt_vqa");
  check_golden("vilt_rect");
}
