// SPDX-License-Identifier: Apache-2.0
// An encoder-decoder in the task of writing texts: what is learnt of targets, a frozen encoder that runs once, a model
// that learns three sentences and is the same when it is read again.
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/tasks/task_table.h"
#include "models/tasks/text2text/model.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/mode.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/small_encoder_decoder.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("text2text");
  std::unique_ptr<TaskModel> model;
  std::string file;

  explicit Opened(Device device, EncoderDecoderConfig config = small_encoder_decoder_config()) {
    file =
        folder.write("t.tsv", "source\ttarget\nthe cat sat\tgood dog\nthe dog\ta very good film\nnot a mat\tplay on\n")
            .string();
    write_small_model<EncoderDecoderModel>(folder / "model", config);
    CHECK(task_of_directory(folder / "model") == "text2text");
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = device, .seed = 5});
  }
  TextToText& text() const { return dynamic_cast<Text2TextModel&>(*model).text(); }
};

std::string written(TaskModel& model, const std::string& input) {
  std::istringstream stream(input);
  const auto predictor = model.predictor({.stream = &stream});
  std::string all = predictor->header(), lines;
  while (predictor->next(2, lines)) all += lines;
  return all;
}

}  // namespace

TEST_CASE("encoder-decoder, texts: targets are learnt without the token that the model begins all texts with") {
  const Opened opened(Device::open("reference"));
  const auto examples = opened.model->read(opened.file);
  CHECK(opened.text().writer().beginning() == std::vector<int32_t>{2});
  std::vector<std::string> shown;
  for (const ShownExample::Token& token : examples->show(0).tokens)
    if (token.has_loss) shown.push_back(token.text);
  CHECK(shown == std::vector<std::string>{"good", "dog", "[SEP]"});
  const std::vector<int64_t> one{0};
  CHECK(examples->terms(one) == 3);
}

TEST_CASE("encoder-decoder, texts: sources and targets are held to encoder's and decoder's own positions") {
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.decoder.max_position_embeddings = 9;
  const Opened opened(Device::open("reference"), config);
  CHECK(opened.text().sources().max_length() == 32);
  CHECK(opened.text().writer().target_limits().positions == 9);
}

TEST_CASE("encoder-decoder, texts: prompts and prefixes take positions of the half that they are on") {
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.decoder.max_position_embeddings = 9;
  const auto left_behind = [&](const std::string& rules) {
    const Opened opened(Device::open("reference"), config);
    FreezeMask::parse(rules, "rules").apply(opened.model->store());
    TextWriter& writer = opened.text().writer();
    const auto sources = opened.text().sources().encode("the cat");
    CHECK(writer.decoder(std::vector<const Encoding*>{&sources})->most_tokens() ==
          writer.target_limits().positions_left());
    return std::vector<int64_t>{writer.limits().positions_left(), writer.target_limits().positions_left()};
  };
  CHECK(left_behind("prompt n=10") == std::vector<int64_t>{22, 9});
  CHECK(left_behind("prefix encoder.* n=12") == std::vector<int64_t>{20, 9});
  CHECK(left_behind("prefix decoder.* n=5") == std::vector<int64_t>{32, 4});
  CHECK(left_behind("prefix decoder.* n=5\nprompt n=21") == std::vector<int64_t>{11, 4});

  CHECK(left_behind("prefix decoder.* n=8") == std::vector<int64_t>{32, 1});
  CHECK(error_of<std::invalid_argument>([&] { left_behind("prefix decoder.* n=9"); }) ==
        "rules:1: \"prefix decoder.* n=9\": a text may have 9 tokens: a prefix of 9 leaves none");

  config.decoder.max_position_embeddings = 40;  // more than the encoder has
  CHECK(left_behind("prefix decoder.* n=35") == std::vector<int64_t>{32, 5});
  CHECK(error_of<std::invalid_argument>([&] { left_behind("prefix encoder.* n=32"); }) ==
        "rules:1: \"prefix encoder.* n=32\": a text may have 32 tokens: a prefix of 32 leaves none");
}

TEST_CASE("encoder-decoder, texts: a tokenizer with more tokens than the decoder knows is refused") {
  const ScratchFolder folder;
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.decoder.vocab_size -= 3;
  write_small_model<EncoderDecoderModel>(folder / "model", config);
  const std::string said = error_of<std::runtime_error>(
      [&] { TextToText(folder / "model", {.opening = {.device = Device::open("reference")}}); });
  CHECK(said.find("the tokenizer has") != std::string::npos);
}

TEST_CASE("encoder-decoder, texts: a frozen encoder runs once for each source, with the same losses to the bit") {
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.encoder.hidden_dropout_prob = config.decoder.hidden_dropout_prob = 0.2;
  const Opened opened(Device::open("reference"), config);
  FreezeMask::all_trained().freeze("encoder.*").apply(opened.model->store());
  const std::vector<int64_t> all{0, 1, 2};
  const auto loss = [&](Examples& examples) {
    const TrainingMode training(opened.model->store().mode());
    opened.model->store().mode().random = RandomStreams(3);
    counters() = {};
    return examples.loss(all, 7).item();
  };
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  const float expected = loss(*plain);
  CHECK(counters().by_name["attention"] == 3 + 2 * 2);
  const KeptTexts plan = kept->keep_frozen({.bytes = 1'000'000, .passes = 4});
  CHECK(plan.kept == 3);
  CHECK(plan.part == "encoder.embeddings to encoder.encoder.layer.2");
  CHECK(loss(*kept) == expected);
  CHECK(loss(*kept) == expected);
  CHECK(counters().by_name["attention"] == 2 * 2);
}

TEST_CASE("encoder-decoder, texts: three sentences are learnt, written by beams, and by the directory that was saved") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::none, EncoderDecoderTie::layers}) {
    const Opened opened(Device::from_environment(), small_encoder_decoder_config(tie));
    const auto examples = opened.model->read(opened.file);
    AdamW optimizer(opened.model->store(), {});
    const std::vector<int64_t> all{0, 1, 2};
    {
      const TrainingMode training(opened.model->store().mode());
      for (int step = 0; step < 400; ++step) {
        backward(examples->loss(all, 11));
        optimizer.step(0.003F);
        optimizer.clear_gradients();
      }
    }
    const std::string sources = "the cat sat\nthe dog\nnot a mat\n";
    const std::string said = written(*opened.model, sources);
    for (const char* target : {"good dog", "a very good film", "play on"}) {
      INFO(said);
      CHECK(said.find(target) != std::string::npos);
    }
    opened.model->save(opened.folder / "saved", {});
    const auto again = opened.task->open(opened.folder / "saved", {.device = Device::from_environment()});
    CHECK(written(*again, sources) == said);
  }
}

TEST_CASE("encoder-decoder: no start token anywhere is an error that says what one is") {
  const ScratchFolder folder;
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.decoder_start_token_id.reset();
  write_small_model<EncoderDecoderModel>(folder / "model", config);
  const auto open = [&] { open_text_writer(folder / "model", {.device = Device::open("reference")}); };
  const std::string said = error_of<std::runtime_error>(open);
  CHECK(said.find("config.json: decoder_start_token_id: expected is the id of the token that texts begin with; BERT's "
                  "is that of [CLS]") != std::string::npos);
  folder.write("model/generation_config.json", R"({"decoder_start_token_id": 2})");
  const auto writer = open_text_writer(folder / "model", {.device = Device::open("reference")});
  CHECK(writer->beginning() == std::vector<int32_t>{2});
}

}  // namespace thaw
