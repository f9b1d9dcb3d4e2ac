// SPDX-License-Identifier: Apache-2.0
// Freezing rules: which decides, what is refused and how, what the report counts.
#include "nn/freeze/freeze_mask.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "nn/optim/adamw.h"
#include "nn/scope.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// Parameters with the names of a small BERT.
void make_parameters(ParameterStore& store) {
  const Scope s(store);
  const Scope bert = s / "bert";
  (bert / "embeddings.word_embeddings").parameter("weight", {10, 4}, Init::normal(1));
  (bert / "embeddings.LayerNorm").parameter("weight", {4}, Init::ones());
  for (int layer = 0; layer < 2; ++layer) {
    const Scope own = bert / "encoder.layer" / layer;
    (own / "attention.self.query").parameter("weight", {4, 4}, Init::normal(1));
    (own / "attention.output.LayerNorm").parameter("weight", {4}, Init::ones());
    (own / "attention.output.LayerNorm").parameter("bias", {4}, Init::zeros());
  }
  (bert / "pooler.dense").parameter("weight", {4, 4}, Init::normal(1));
  (s / "classifier").parameter("weight", {3, 4}, Init::normal(1));
  (s / "classifier").parameter("bias", {3}, Init::zeros());
}

std::vector<std::string> trained_names(const ParameterStore& store) {
  std::vector<std::string> names;
  for (const Parameter& p : store.trained()) names.push_back(p.name());
  return names;
}

std::string message_of(const FreezeMask& mask, ParameterStore& store) {
  try {
    mask.apply(store);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("freeze: the last rule that matches decides, and a mask can be applied again") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  CHECK(store.trained().size() == store.all().size());
  FreezeMask mask = FreezeMask::all_frozen();
  mask.train("*LayerNorm*").train("classifier.*").freeze("*layer.1.*");
  mask.apply(store);
  const std::vector<std::string> expected{
      "bert.embeddings.LayerNorm.weight", "bert.encoder.layer.0.attention.output.LayerNorm.weight",
      "bert.encoder.layer.0.attention.output.LayerNorm.bias", "classifier.weight", "classifier.bias"};
  CHECK(trained_names(store) == expected);
  const Variable kept = store.find("classifier.weight");
  mask.train("bert.pooler.*").apply(store);
  CHECK(trained_names(store).size() == 6);
  CHECK(store.find("classifier.weight").variable().node() == kept.node());  // goes on with its gradient
  FreezeMask::all_frozen().apply(store);
  CHECK(trained_names(store).empty());
  CHECK(store.any_trained("") == false);
  FreezeMask::all_trained().freeze("bert.*").apply(store);
  CHECK(trained_names(store) == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(store.any_trained("classifier"));
  CHECK_FALSE(store.any_trained("class"));
  CHECK_FALSE(store.any_trained("bert"));
}

TEST_CASE("freeze: a rule that matches nothing is an error with near names, and nothing changes") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const std::string message = message_of(FreezeMask::all_frozen().train("clasifier.*"), store);
  CHECK(message.find("\"train clasifier.*\" matches no parameter; near names: classifier.") == 0);
  CHECK(trained_names(store).size() == store.all().size());
  CHECK(message_of(FreezeMask::all_trained().freeze("*layer.2.*"), store).find("bert.encoder.layer.0.attention") !=
        std::string::npos);
  CHECK(message_of(FreezeMask::all_trained().freeze("*poolr*"), store).find("near names: bert.pooler.dense.weight") !=
        std::string::npos);
  CHECK(message_of(FreezeMask::parse("# all but one\n\ntrain no.such", "mask.txt"), store)
            .find("mask.txt:3: \"train no.such\" matches") == 0);
}

TEST_CASE("freeze: a rule about any name of a tie is about the tie, and says so") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const Parameter words = store.find("bert.embeddings.word_embeddings.weight");
  words.also_call("encoder.words.weight");
  words.also_call("decoder.words.weight");
  words.also_call("decoder.words.weight");
  CHECK(words.other_names() == std::vector<std::string>{"encoder.words.weight", "decoder.words.weight"});
  const FreezeReport report = FreezeMask::all_trained().freeze("encoder.*").apply(store);
  CHECK(words.frozen());
  CHECK(report.notes ==
        std::vector<std::string>{"\"freeze encoder.*\" is about bert.embeddings.word_embeddings.weight, "
                                 "too: encoder.words.weight is the same tensor"});
  CHECK(FreezeMask::all_frozen().train("*.words.weight").apply(store).notes.size() == 1);
  CHECK_FALSE(words.frozen());
  CHECK(FreezeMask::all_frozen().apply(store).notes.empty());

  // What is about its own name, behind the others, decides.
  CHECK(FreezeMask::all_trained().freeze("encoder.*").train("bert.*").apply(store).notes.empty());
  CHECK_FALSE(words.frozen());
  CHECK(FreezeMask::all_trained().freeze("encoder.*").train("decoder.*").freeze("bert.*").apply(store).notes.empty());
  CHECK(words.frozen());

  const std::string message = message_of(FreezeMask::all_trained().freeze("encoder.*").train("decoder.*"), store);
  CHECK(message ==
        "\"freeze encoder.*\" and \"train decoder.*\" contradict each other: encoder.words.weight and "
        "decoder.words.weight are one tensor, bert.embeddings.word_embeddings.weight; a rule about that name, behind "
        "them, "
        "decides");
  CHECK(words.frozen());  // nothing changed
  CHECK(message_of(FreezeMask::all_trained().freeze("decodr.words.weight"), store).find("near names: decoder.words") !=
        std::string::npos);
}

TEST_CASE("freeze: rules take classes, alternatives and ranges of numbers") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  FreezeMask::all_frozen().train("bert.encoder.layer.{1..5}.*.{weight,gamma}").apply(store);
  const std::vector<std::string> expected{"bert.encoder.layer.1.attention.self.query.weight",
                                          "bert.encoder.layer.1.attention.output.LayerNorm.weight"};
  CHECK(trained_names(store) == expected);
  FreezeMask::parse("freeze *\ntrain *.layer.[!0].*.{weight,gamma}", "mask.txt").apply(store);
  CHECK(trained_names(store) == expected);
  const std::string message = message_of(FreezeMask::all_frozen().train("bert.encoder.layer.{6..8}.*.bias"), store);
  CHECK(message.find("near names: bert.encoder.layer.0.attention.output.LayerNorm.bias") != std::string::npos);
}

TEST_CASE("freeze: what is no pattern is refused, in a file with its line") {
  CHECK_THROWS_WITH_AS(FreezeMask::all_frozen().train("bert.[0"), doctest::Contains("\"[\" is not closed"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(FreezeMask::all_frozen().train_rows("bert.{5..0}", 1, 2), doctest::Contains("runs backwards"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(FreezeMask::parse("# norms\n\nfreeze bert.{a,b", "m.txt"),
                       "m.txt:3: the pattern \"bert.{a,b\": at character 6: \"{\" is not closed", std::runtime_error);
}

TEST_CASE("freeze: rows") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const FreezeReport report = FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 10).apply(store);
  const Parameter words = store.find("bert.embeddings.word_embeddings.weight");
  CHECK(words.trained_rows() == RowRanges(7, 10));
  CHECK(report.trained == 3 * 4);
  CHECK(report.gradient_bytes == 3 * 4 * 4);
  CHECK(report.optimizer_bytes == 2 * 3 * 4 * 4);
  const RowRanges apart = RowRanges::parse("0,6:8,9");
  CHECK(FreezeMask::all_frozen().train_rows("*word_embeddings.weight", apart).apply(store).trained == 4 * 4);
  CHECK(words.trained_rows() == apart);
  CHECK(message_of(FreezeMask::all_frozen().train_rows("*word_embeddings.weight", RowRanges::parse("3,10")), store) ==
        "\"train *word_embeddings.weight rows 3,10\": bert.embeddings.word_embeddings.weight [10, 4] has no such rows");
  FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 10).apply(store);
  const Variable kept = words;
  FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 10).apply(store);
  CHECK(words.variable().node() == kept.node());
  CHECK(message_of(FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 11), store) ==
        "\"train *word_embeddings.weight rows 7:11\": bert.embeddings.word_embeddings.weight [10, 4] has no such rows");
  CHECK(message_of(FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 7), store) != "no error");
  CHECK(
      message_of(FreezeMask::all_frozen().train_rows("*word_embeddings.weight", 7, 11).train("*word_embeddings.weight"),
                 store) == "no error");
  CHECK_FALSE(words.trained_rows());
}

TEST_CASE("freeze: columns of a matrix are trained, and nothing else of it moves") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  s.parameter("c_attn.weight", {2, 6}, Init::normal(1));  // three blocks side by side
  s.parameter("c_attn.bias", {6}, Init::zeros());
  const FreezeMask mask = FreezeMask::all_frozen().train_columns("*.weight", RowRanges::parse("0:2,5"));
  CHECK(mask.to_text() == "freeze *\ntrain *.weight columns 0:2,5\n");
  const FreezeReport report = mask.apply(store);
  CHECK(report.trained == 6);
  CHECK(report.notes ==
        std::vector<std::string>{"\"train *.weight columns 0:2,5\": 6 of 12 numbers are trained; a mask "
                                 "saves neither time nor memory"});
  const Parameter weight = store.find("c_attn.weight");
  const std::vector<float> before = weight.value().to_host<float>();
  AdamW optimizer(store, {.weight_decay = 0.5});
  backward(sum_all(square(affine(weight.variable(), 1, 0.25))));
  optimizer.step(0.1);
  const std::vector<float> after = weight.value().to_host<float>();
  for (size_t i = 0; i < after.size(); ++i) CHECK((after[i] != before[i]) == (i % 6 < 2 || i % 6 == 5));
  CHECK(message_of(FreezeMask::all_frozen().train_columns("*.weight", RowRanges(4, 7)), store) ==
        "\"train *.weight columns 4:7\": c_attn.weight [2, 6] has no such columns");
  CHECK(message_of(FreezeMask::all_frozen().train_columns("*.bias", RowRanges(0, 2)), store) ==
        "\"train *.bias columns 0:2\": c_attn.bias [6] has no such columns");
}

TEST_CASE("freeze: rates of rules are those of ParameterRules, and freeze nothing") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const FreezeMask mask = FreezeMask::all_trained().rate("*LayerNorm*", 1e-3).rate("*.bias", 2e-3);
  const FreezeReport report = mask.apply(store);
  CHECK(report.frozen == 0);
  CHECK(report.rules.at(1).text == "lr *LayerNorm* 0.001");
  CHECK(report.rules.at(1).tensors > 0);
  REQUIRE(mask.rates().size() == 2);
  CHECK(mask.rates()[0].pattern == "*LayerNorm*");
  CHECK(mask.rates()[1].highest == 2e-3);
  CHECK(message_of(FreezeMask().rate("*nothing*", 1), store).starts_with("\"lr *nothing* 1\""));
}

TEST_CASE("freeze: text says the same as calls, there and back") {
  const std::string text =
      "freeze *\ntrain *LayerNorm*\ntrain *word_embeddings.weight rows 2,5:9\nlr *LayerNorm* 0.001\nlr *bias 0\n";
  const FreezeMask mask = FreezeMask::parse(
      "# a comment\r\n\n  freeze *  # nothing\ntrain\t*LayerNorm*\ntrain *word_embeddings.weight rows 5:7,2,6:9\n"
      "lr *LayerNorm*   1e-3\nlr *bias 0",
      "text");
  CHECK(mask.to_text() == text);
  CHECK(FreezeMask::parse(mask.to_text(), "again").to_text() == text);
  CHECK(FreezeMask::parse("\xEF\xBB\xBF" + text, "with a byte order mark").to_text() == text);
  CHECK(FreezeMask::all_trained().to_text().empty());
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  CHECK(FreezeMask::parse("", "empty").apply(store).frozen == 0);
  CHECK(mask.apply(store).trained == 5 * 4 + 5 * 4);

  const ScratchFolder dir;
  CHECK(FreezeMask::read(dir.write("mask.txt", text)).to_text() == text);
  CHECK_THROWS_WITH_AS(FreezeMask::read(dir / "none.txt"), doctest::Contains("none.txt: cannot be read"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(FreezeMask::read(dir.path()), doctest::Contains("cannot be read"), std::runtime_error);
}

TEST_CASE("freeze: lines that are no rule are named") {
  const auto message_of_line = [](const std::string& line) -> std::string {
    try {
      FreezeMask::parse("freeze *\n" + line, "m.txt");
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  };
  for (const char* line : {"tran x", "train", "freeze", "train a b", "freeze a rows 1:2", "train a rows",
                           "train a rows 1:2 3", "freeze a b", "lr a", "lr 1e-3", "lr a 1 2", "train a columns"}) {
    CAPTURE(line);
    CHECK(message_of_line(line).starts_with(
        "m.txt:2: not a rule: expected \"train PATTERN\", \"freeze PATTERN\", \"train PATTERN rows 7,97:100\", "));
  }
  const std::pair<const char*, const char*> cases[] = {
      {"train a rows 1:", "rows: \"1:\" is no number and no range BEGIN:END"},
      {"train a rows 1:2:3", "rows: \"1:2:3\" is no number and no range BEGIN:END"},
      {"train a rows -x:2", "rows: \"-x:2\" is no number and no range BEGIN:END"},
      {"train a rows 7,,8", "rows: \"\" is no number and no range BEGIN:END"},
      {"train a rows 7,9:8", "rows: \"9:8\" is empty: END is behind the last one"},
      {"train a columns 3:2", "columns: \"3:2\" is empty: END is behind the last one"},
      {"lr a x", "lr: \"x\": expected a finite number, not negative"},
      {"lr a -1", "lr: \"-1\": expected a finite number, not negative"},
      {"lr a inf", "lr: \"inf\": expected a finite number, not negative"},
      {"lora alpha=inf", "alpha=inf: expected a number above 0"},
      {"lora r=0", "r=0: expected a number above 0"},
      {"lora r=8x", "r=8x: expected a number above 0"},
      {"lora r=", "r=: expected a number above 0"},
      {"lora dropout=1", "dropout=1: expected a number below 1"},
      {"lora alpha=nan", "alpha=nan: expected a number above 0"},
      {"lora *.query rank=8", "\"rank=8\" is unknown here; there are: r=, alpha=, dropout=, rs, dora"},
      {"ia3 *.key output", "\"output\" is unknown here; there are: input"},
      {"adapter size=8 behind=x", "\"behind=x\" is unknown here; there are: size=, act=, after="},
      {"adapter size=8 after=x", "after=x: expected attention, outer or both"},
      {"adapter *.dense after=outer", "after=outer: the pattern says behind which products"},
      {"adapter act=gulu", "act: activation \"gulu\" is not supported; there are "},
      {"lora [ab r=8", "the pattern \"[ab\": at character 1: \"[\" is not closed"},
  };
  for (const auto& [line, message] : cases) {
    INFO(line);
    CHECK_MESSAGE(message_of_line(line).starts_with(std::string("m.txt:2: ") + message), message_of_line(line));
  }
}

TEST_CASE("freeze: the report groups by layer") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const FreezeReport report = FreezeMask::all_frozen().train("*layer.1.*").train("classifier.bias").apply(store);
  std::vector<std::string> names;
  int64_t trained = 0, frozen = 0;
  for (const auto& group : report.groups) {
    names.push_back(group.name);
    trained += group.trained;
    frozen += group.frozen;
  }
  CHECK(names == std::vector<std::string>{"bert.embeddings", "bert.encoder.layer.0", "bert.encoder.layer.1",
                                          "bert.pooler", "classifier"});
  CHECK(report.groups[2].trained == 24);
  CHECK(report.groups[4].trained == 3);
  CHECK(report.groups[4].frozen == 12);
  CHECK(report.trained == trained);
  CHECK(report.frozen == frozen);
  CHECK(report.trained + report.frozen == 40 + 4 + 2 * 24 + 16 + 15);
  CHECK(report.per_mille() == doctest::Approx(1000.0 * 27 / 123));
}

TEST_CASE("freeze: the report of a bare encoder has no prefix to split") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  (s / "embeddings.word_embeddings").parameter("weight", {2, 2}, Init::zeros());
  (s / "encoder.layer" / 11 / "output.dense").parameter("weight", {2, 2}, Init::zeros());
  (s / "encoder.final_norm").parameter("weight", {2}, Init::zeros());
  (s / "pooler.dense").parameter("weight", {2, 2}, Init::zeros());
  s.parameter("scale", {}, Init::zeros());
  std::vector<std::string> names;
  for (const auto& group : freeze_report(store).groups) names.push_back(group.name);
  CHECK(names == std::vector<std::string>{"embeddings", "encoder.layer.11", "encoder.final_norm", "pooler", "scale"});
}
