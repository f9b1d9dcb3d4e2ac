// SPDX-License-Identifier: Apache-2.0
// Targets that were tokenized before they are read.
#include "models/tasks/text2text/target_tokens.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <variant>

#include "models/t5/t5.h"
#include "models/tasks/task_table.h"
#include "models/tasks/text2text/examples.h"
#include "models/tasks/text2text/text_to_text.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

struct Opened {
  ScratchFolder folder;
  std::string file;
  std::unique_ptr<Task> task = make_task("text2text");

  explicit Opened(const std::string& rows) {
    file = folder.write("t.tsv", "source\ttarget\n" + rows).string();
    T5Config config;
    config.vocab_size = small_vocabulary_size();
    config.d_model = 8;
    config.d_kv = 4;
    config.d_ff = 8;
    config.num_layers = config.num_decoder_layers = 1;
    config.num_heads = 2;
    config.eos_token_ids = {3};  // [SEP]
    write_small_model<T5ForConditionalGeneration>(folder / "model", config);
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    task->look_at(folder / "model", file);
  }
  std::unique_ptr<TaskModel> open() const {
    return task->open(folder / "model", {.device = Device::open("reference")});
  }
};

// The tokens 50, 51, ... of a text, with nothing cut.
Encoding made_up(size_t count) {
  Encoding encoding;
  for (size_t i = 0; i < count; ++i) encoding.ids.push_back(static_cast<int32_t>(50 + i));
  encoding.type_ids.assign(count, 0);
  return encoding;
}

}  // namespace

TEST_CASE("target tokens: what was tokenized is taken, row by row, where it is the same text and fits") {
  const Opened opened("the cat\tgood dog\n");
  const std::shared_ptr<const Tokenizer> tokenizer = load_tokenizer(opened.folder / "model");
  const TextEncoder encoder(opened.folder / "model", tokenizer, {.vocab_size = small_vocabulary_size()}, 6);
  const Encoding fresh = encoder.encode("the dog");
  TargetTokens targets;
  for (const size_t count : {5, 7, 5, 5}) targets.add("the dog", made_up(count));
  Encoding cut = made_up(5);
  cut.cut = 1;
  targets.add("the dog", std::move(cut));
  CHECK(targets.next("the dog", encoder, "here").ids == made_up(5).ids);
  CHECK(targets.next("the dog", encoder, "here").ids == fresh.ids);                      // too long
  CHECK(targets.next("the cat", encoder, "here").ids == encoder.encode("the cat").ids);  // another text
  CHECK(targets.next("the dog", encoder, "here").ids == made_up(5).ids);
  CHECK(targets.next("the dog", encoder, "here").ids == fresh.ids);  // it was cut
  CHECK(targets.next("the dog", encoder, "here").ids == fresh.ids);  // there is no row any more
}

TEST_CASE("target tokens: each file's are handed out once, and none of another column or tokenizer") {
  const Opened opened("the cat\tgood dog\n"), other("the cat\tgood dog\n");
  other.folder.write("model/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ndog\n");
  const auto encoder_of = [](const Opened& of) {
    return TextEncoder(of.folder / "model", load_tokenizer(of.folder / "model"), {.vocab_size = 500}, 6);
  };
  const TextEncoder encoder = encoder_of(opened), strange = encoder_of(other);
  TokenizedTargets all;
  all.begin("a.tsv", "target", encoder).add("the dog", made_up(4));
  all.begin("b.tsv", "target", encoder).add("the dog", made_up(5));
  const auto first = [&](TargetTokens targets) { return targets.next("the dog", encoder, "here").ids; };
  const std::vector<int32_t> fresh = encoder.encode("the dog").ids;
  CHECK(first(all.take("a.tsv", "other", encoder)) == fresh);
  CHECK(first(all.take("a.tsv", "target", strange)) == fresh);
  CHECK(first(all.take("b.tsv", "target", encoder)) == made_up(5).ids);
  CHECK(first(all.take("a.tsv", "target", encoder)) == made_up(4).ids);
  CHECK(first(all.take("a.tsv", "target", encoder)) == fresh);
}

TEST_CASE("target tokens: examples are made of what was tokenized, once, but for rows that are not what they were") {
  const Opened opened("the cat\tgood dog\nthe dog\tbad dog\n");
  const TextToText model(opened.folder / "model",
                         {.opening = {.device = Device::open("reference")}, .max_target_length = 6});
  TokenizedTargets before;
  TargetTokens& targets = before.begin(opened.file, "target", model.targets());
  targets.add("good dog", made_up(5));
  targets.add("good dog", made_up(5));  // the file has another text there now
  const auto ids = [&] { return read_sources_and_targets(model, opened.file, {}, before)->targets; };
  const EncodedTexts once = ids(), again = ids();
  CHECK(once[0].ids == made_up(5).ids);
  CHECK(once[1].ids == model.targets().encode("bad dog").ids);
  CHECK(again[0].ids == model.targets().encode("good dog").ids);
}

TEST_CASE("target tokens: targets that were cut, and files that changed, are read as if nothing had been tokenized") {
  // One of 1,000 targets is longer than the others: it is cut.
  std::string rows;
  for (int i = 0; i < 1200; ++i)
    rows += i == 700 ? "not a mat\tplay on the mat with a dog\n" : "the cat sat\tgood dog\n";
  const Opened opened(rows);
  REQUIRE(opened.task->notes().back() == "max_target_length: 4, from the training data");
  const auto once = opened.open(), again = opened.open();
  const auto kept = once->read(opened.file), anew = again->read(opened.file);
  CHECK(kept->identity() == anew->identity());
  CHECK(kept->cut(700) == anew->cut(700));
  CHECK(kept->cut(700) > 0);

  const Opened changed(rows);
  changed.folder.write("t.tsv", "source\ttarget\nthe cat sat\tbad dog\n" + rows);  // behind its back
  const auto model = changed.open();
  CHECK(model->read(changed.file)->identity() == changed.open()->read(changed.file)->identity());
}

}  // namespace thaw
