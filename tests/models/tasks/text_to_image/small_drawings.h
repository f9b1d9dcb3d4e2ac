// SPDX-License-Identifier: Apache-2.0
// Captions of small pictures, and a small GPT that knows nothing of pictures yet.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "models/gpt/language_model.h"
#include "models/image_tokens.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_gpt.h"
#include "tests/scratch_folder.h"

namespace thaw {

// The bytes of a PPM file, which no library is needed for.
inline std::string ppm_of(int64_t height, int64_t width, const std::vector<PaletteColour>& pixels) {
  std::string bytes = fmt::format("P6\n{} {}\n255\n", width, height);
  for (const PaletteColour& pixel : pixels) bytes.append(pixel.begin(), pixel.end());
  return bytes;
}

template <typename Value>
void set_option(Task& task, TaskUse use, const std::string& name, const Value& value) {
  for (const OptionField& option : task.options(use))
    if (option.name == name) *std::get<Value*>(option.field) = value;
}

struct SmallDrawings {
  static constexpr PaletteColour black{0, 0, 0}, red{200, 0, 0}, white{255, 255, 255};
  static constexpr int64_t height = 2, width = 3;
  ScratchFolder folder;

  SmallDrawings() {
    write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    folder.write("pictures/a.ppm", ppm_of(height, width, {red, red, white, white, black, white}));
    folder.write("pictures/b.ppm", ppm_of(height, width, {white, white, white, white, white, red}));
    folder.write("train.tsv",
                 "image\ttext\npictures/a.ppm\tthe cat sat\npictures/b.ppm\tthe dog\npictures/a.ppm\tvery good film\n");
  }
  std::string train() const { return folder / "train.tsv"; }

  // A model that is to learn from these data.
  std::unique_ptr<TaskModel> fresh(const std::string& directory = "model", Task* task = nullptr) const {
    const auto own = make_task("text-to-image");
    Task& asked = task ? *task : *own;
    asked.look_at(folder / directory, train());
    return asked.open(folder / directory, {.device = Device::open("reference")});
  }
};

}  // namespace thaw
