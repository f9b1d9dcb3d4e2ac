// SPDX-License-Identifier: Apache-2.0
// How much memory the texts of an evaluation take that is bounded by training's batches.
#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/t5/t5.h"
#include "models/tasks/task_table.h"
#include "models/tasks/text2text/model.h"
#include "tensor/memory_stats.h"
#include "tests/models/small_model.h"
#include "tests/models/tasks/text2text/training_peak.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

T5Config small_t5_config() {
  T5Config config;
  config.vocab_size = small_vocabulary_size() + 4000;  // logits weigh more than states
  config.d_model = 24;
  config.d_kv = 8;
  config.d_ff = 48;
  config.num_layers = config.num_decoder_layers = 2;
  config.num_heads = 3;
  config.dropout_rate = 0;
  config.eos_token_ids = {3};  // [SEP]
  return config;
}

void set_beams(Task& task, int64_t beams) {
  for (const OptionField& option : task.options(TaskUse::training))
    if (option.name == "num_beams") *std::get<std::optional<int64_t>*>(option.field) = beams;
}

}  // namespace

TEST_CASE(
    "text2text: an evaluation bounded by training's batches needs no more memory than training, with beams and many "
    "tokens' logits") {
  for (const std::string target : {"good", "a very good film on the mat"}) {
    std::string text = "source\ttarget\n";
    for (int row = 0; row < 64; ++row) text += "the cat sat\t" + target + "\n";
    for (const int64_t beams : {1, 4}) {
      CAPTURE(target);
      CAPTURE(beams);
      const ScratchFolder folder;
      const std::string file = folder.write("t.tsv", text).string();
      write_small_model<T5ForConditionalGeneration>(folder / "model", small_t5_config());
      folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
      auto task = make_task("text2text");
      set_beams(*task, beams);
      task->look_at(folder / "model", file);
      const auto model = task->open(folder / "model", {.device = Device::open("reference")});
      const auto examples = model->read(file);
      const std::vector<int64_t> batch{0, 1, 2, 3, 4, 5, 6, 7};
      const uint64_t trained = training_peak(*model, *examples, batch);
      MemoryStats& memory = model->store().device().backend().memory();
      examples->bound_evaluation(std::ssize(batch) * examples->lengths()[0]);
      memory.reset_peak();
      examples->evaluate();
      const uint64_t written = memory.peak_bytes;
      CHECK(written <= trained);
    }
  }
}

}  // namespace thaw
