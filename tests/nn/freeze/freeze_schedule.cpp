// SPDX-License-Identifier: Apache-2.0
// Schedules of freezing: their text, their errors, and what is trained in each stage.
#include "nn/freeze/freeze_schedule.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "nn/linear.h"
#include "nn/scope.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// As a small BERT is named; "encoder" has a part of its own beside its layers, whose name begins as theirs do.
void make_parameters(ParameterStore& store) {
  const Scope s(store);
  (s / "bert.embeddings").parameter("weight", {10, 4}, Init::normal(1));
  (s / "bert.encoder.norm").parameter("weight", {4}, Init::ones());
  for (int layer = 0; layer < 2; ++layer)
    (s / "bert.encoder.layer" / layer / "query").parameter("weight", {4, 4}, Init::normal(1));
  (s / "bert.pooler").parameter("weight", {4, 4}, Init::normal(1));
  (s / "classifier").parameter("weight", {3, 4}, Init::normal(1));
}

std::string trained(const ParameterStore& store) {
  std::string names;
  for (const Parameter& p : store.trained()) names += p.name() + " ";
  return names;
}

std::string error_in(const std::string& text) {
  try {
    FreezeSchedule::parse(text, "m.txt");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

struct Stages {
  explicit Stages(const std::string& text) : store(Device::from_environment()) {
    make_parameters(store);
    stages = FreezeSchedule::parse(text, "m.txt").stages(store);
  }
  std::string at(size_t number) {
    stages.at(number).apply(store);
    return trained(store);
  }
  ParameterStore store;
  std::vector<FreezeStage> stages;
};

}  // namespace

TEST_CASE("freeze schedule: what nothing reads stays frozen in every stage, and is told of where rules train it") {
  ParameterStore store(Device::from_environment());
  make_parameters(store);
  const std::string rest =
      "bert.encoder.norm.weight bert.encoder.layer.0.query.weight bert.encoder.layer.1.query.weight "
      "bert.pooler.weight classifier.weight ";
  const auto stages_of = [&](const char* text) {
    return FreezeSchedule::parse(text, "m.txt").hold_unread({"bert.embeddings.weight"}).stages(store);
  };
  for (const char* text : {"train *", "freeze *\ntrain classifier.*\nfrom epoch 1\ntrain *", "unfreeze every epoch"}) {
    INFO(text);
    const std::vector<FreezeStage> stages = stages_of(text);
    for (const FreezeStage& stage : stages) {
      const FreezeReport report = stage.apply(store);
      CHECK(trained(store).find("bert.embeddings") == std::string::npos);
      CHECK(report.groups[0].frozen == 40);
    }
    CHECK(trained(store) == rest);
    CHECK(stages.back().apply(store).unread == std::vector<std::string>{"bert.embeddings.weight"});
  }
  CHECK(stages_of("freeze bert.emb*")[0].apply(store).unread.empty());
  // No stage is there for it alone.
  CHECK(stages_of("unfreeze every epoch").size() + 1 == Stages("unfreeze every epoch").stages.size());
}

TEST_CASE("freeze schedule: what rules freeze above something trained is told of; what adapters leave as it is, not") {
  const auto lines = [](const FreezeMask& mask, std::vector<std::string> unread) {
    ParameterStore store(Device::from_environment());
    const Scope s(store);
    (s / "below").parameter("weight", {4, 4}, Init::normal(1));
    const Linear product(s / "query", 4, 4);
    (s / "above").parameter("weight", {4, 4}, Init::normal(1));
    (s / "top").parameter("weight", {4, 4}, Init::normal(1));
    return frozen_above_trained(FreezeStage{{}, mask, {}, std::move(unread)}.apply(store));
  };
  const std::vector<std::string> both{"above to top are frozen, but read what trained parts below them give (query)"};
  const std::vector<std::string> one{"above is frozen, but reads what trained parts below it give (query)"};
  for (const std::vector<std::string>& unread : {std::vector<std::string>(), {"below.weight"}}) {
    CHECK(lines(FreezeMask().freeze("above.*").freeze("top.*"), unread) == both);
    CHECK(lines(FreezeMask().lora("query", {.rank = 2}), unread).empty());
    CHECK(lines(FreezeMask().lora("query", {.rank = 2}).freeze("above.*"), unread) == one);
  }
}

TEST_CASE("freeze schedule: of sides none reads another; what is behind them and of neither reads all") {
  using Lines = std::vector<std::string>;
  const auto lines = [](const FreezeMask& mask) {
    ParameterStore store(Device::from_environment());
    const Scope s(store);
    for (const char* name :
         {"sees.layer.0", "sees.layer.1", "reads.layer.0", "reads.layer.1", "of_seen", "of_read", "top"})
      (s / name).parameter("weight", {4, 4}, Init::normal(1));
    return frozen_above_trained(FreezeStage{{}, mask, {}, {}}.apply(store),
                                {{"sees", "of_seen"}, {"reads", "of_read"}});
  };
  CHECK(lines(FreezeMask().freeze("reads.*")).empty());
  CHECK(lines(FreezeMask().freeze("*read*")).empty());  // whole sides, as the other one is trained
  CHECK(lines(FreezeMask().freeze("see*").freeze("of_seen.*")).empty());
  CHECK(lines(FreezeMask().freeze("reads.*").freeze("top.*")) ==
        Lines{"top is frozen, but reads what trained parts below it give (of_read)"});
  CHECK(lines(FreezeMask().freeze("reads.layer.1.*")) ==
        Lines{"reads.layer.1 is frozen, but reads what trained parts below it give (reads.layer.0)"});
  CHECK(lines(FreezeMask().freeze("of_*")) ==
        Lines{"of_seen is frozen, but reads what trained parts below it give (sees.layer.1)",
              "of_read is frozen, but reads what trained parts below it give (reads.layer.1)"});
}

TEST_CASE("freeze schedule: text there and back; without sections it is a mask") {
  const std::string text = "freeze *\ntrain classifier.*\nfrom epoch 1\ntrain *\nfrom epoch 3\nfreeze bert.emb*\n";
  const FreezeSchedule schedule = FreezeSchedule::parse(
      "freeze *  # at first\ntrain classifier.*\n\n from   epoch 1 # then\ntrain *\nfrom epoch 3\nfreeze bert.emb*",
      "m.txt");
  CHECK(schedule.to_text() == text);
  CHECK(schedule.changes());
  CHECK(FreezeSchedule::parse(text, "m.txt").to_text() == text);
  for (const char* plain : {"", "freeze bert.*\n", "lora *.query r=4\n"}) {
    CHECK(FreezeSchedule::parse(plain, "m.txt").to_text() == plain);
    CHECK(!FreezeSchedule::parse(plain, "m.txt").changes());
  }
  for (const char* gradual :
       {"freeze *emb*\nunfreeze every epoch\n", "unfreeze every 500 steps\n", "unfreeze every stall\n"})
    CHECK(FreezeSchedule::parse(gradual, "m.txt").to_text() == gradual);
  const ScratchFolder dir;
  CHECK(FreezeSchedule::read(dir.write("mask.txt", text)).to_text() == text);
  CHECK_THROWS_WITH_AS(FreezeSchedule::read(dir / "none.txt"), doctest::Contains("none.txt: cannot be read"),
                       std::runtime_error);
  CHECK(FreezeSchedule::parse(text, "m.txt")
            .add_at_start("train *.norm.*")
            .to_text()
            .find("classifier.*\ntrain *.norm.*\nfrom epoch 1") != std::string::npos);
}

TEST_CASE("freeze schedule: errors name file and line") {
  for (const char* line : {"from", "from epoch", "from epoch 0", "from epoch -1", "from epoch 1.5", "from step x",
                           "from hour 2", "from epoch 2 3", "from step 99999999999999999999"}) {
    CAPTURE(line);
    CHECK(error_in(std::string("freeze *\n") + line + "\ntrain *") ==
          "m.txt:2: expected \"from epoch N\", \"from step N\" or \"from stall N\": when N of them are done");
  }
  for (const char* line :
       {"unfreeze", "unfreeze every", "unfreeze every 2", "unfreeze every 0 steps", "unfreeze each epoch"}) {
    CAPTURE(line);
    CHECK(error_in(line) ==
          "m.txt:1: expected \"unfreeze every epoch\", \"unfreeze every stall\" or \"unfreeze every N steps\"");
  }
  CHECK(error_in("from step 5\ntrain a\nfrom step 5\ntrain b") ==
        "m.txt:3: \"from step 5\" behind \"from step 5\": sections stand in the order of time");
  CHECK(error_in("from step 5\ntrain a\nfrom epoch 9\ntrain b") ==
        "m.txt:3: \"from epoch 9\" behind \"from step 5\": a schedule counts in steps, epochs or stalls");
  CHECK(error_in("from step 5\n# nothing\nfrom step 6\ntrain b") ==
        "m.txt:1: \"from step 5\": a section without rules");
  CHECK(error_in("freeze *\nfrom step 5") == "m.txt:2: \"from step 5\": a section without rules");
  for (const char* rule : {"lora a r=8", "ia3 a", "adapter a size=64 act=gelu"})
    CHECK(error_in(std::string("from step 5\ntrain a\n") + rule) ==
          "m.txt:3: \"" + std::string(rule) + "\": adapters are put on from the start, not later");
  CHECK(error_in("from step 5\ntrain a\nlr a 0.1") ==
        "m.txt:3: \"lr a 0.1\": rates are those of the whole training: before the first \"from\"");
  CHECK(error_in("from step 5\ntrai a").starts_with("m.txt:2: not a rule"));
  CHECK(error_in("unfreeze every epoch\nfrom step 5\ntrain a") ==
        "m.txt:2: \"from step 5\": unfreezing is gradual already");
  CHECK(error_in("from step 5\ntrain a\nunfreeze every epoch") ==
        "m.txt:3: unfreezing cannot be gradual and have sections (\"from step 5\")");
  CHECK(error_in("unfreeze every epoch\nunfreeze every epoch") == "m.txt:2: \"unfreeze\" stands here a second time");
}

TEST_CASE("freeze schedule: a section's rules come behind all earlier ones") {
  Stages s("freeze *\ntrain classifier.*\nfrom step 3\ntrain *query*\nfrom step 7\nfreeze *layer.1.*");
  REQUIRE(s.stages.size() == 3);
  CHECK(trained(s.store) == "classifier.weight ");
  CHECK(s.at(1) == "bert.encoder.layer.0.query.weight bert.encoder.layer.1.query.weight classifier.weight ");
  CHECK(s.at(2) == "bert.encoder.layer.0.query.weight classifier.weight ");
  CHECK(s.at(0) == "classifier.weight ");
  const auto at = [&](int64_t steps, int64_t epochs) { return stage_at(s.stages, {steps, epochs}); };
  CHECK(at(0, 9) == 0);
  CHECK(at(2, 9) == 0);
  CHECK(at(3, 0) == 1);
  CHECK(at(6, 0) == 1);
  CHECK(at(7, 0) == 2);
  CHECK(at(1000, 0) == 2);
  CHECK(stage_at(FreezeSchedule::parse("from epoch 2\nfreeze *.norm.*", "m").stages(s.store), {99, 1}) == 0);
  CHECK(stage_at(FreezeSchedule::parse("from epoch 2\nfreeze *.norm.*", "m").stages(s.store), {99, 2}) == 1);
  const FreezeSchedule stalls = FreezeSchedule::parse("from stall 1\nfreeze *query*\nfrom stall 3\ntrain *", "m");
  CHECK(stalls.waits_for_stalls());
  const std::vector<FreezeStage> waiting = stalls.stages(s.store);
  CHECK(awaited_stalls(waiting) == 3);
  CHECK(stage_at(waiting, {99, 99, 0}) == 0);
  CHECK(stage_at(waiting, {99, 99, 2}) == 1);
  CHECK(stage_at(waiting, {99, 99, 3}) == 2);
  CHECK(!waiting[1].from.is_known());
  CHECK(awaited_stalls(s.stages) == 0);
  CHECK(FreezeTime{FreezeTime::Unit::epoch, 2}.in_steps(10) == 20);
  CHECK(FreezeTime{FreezeTime::Unit::step, 2}.in_steps(10) == 2);
}

TEST_CASE("freeze schedule: gradual unfreezing goes from the top, group by group") {
  const std::string top = "bert.pooler.weight classifier.weight ", one = "bert.encoder.layer.1.query.weight " + top,
                    zero = "bert.encoder.layer.0.query.weight " + one, norm = "bert.encoder.norm.weight " + zero;
  Stages all("unfreeze every 5 steps");
  REQUIRE(all.stages.size() == 5);
  CHECK(trained(all.store) == top);
  CHECK(all.at(1) == one);
  CHECK(all.at(2) == zero);
  CHECK(all.at(3) == norm);
  CHECK(all.at(4) == "bert.embeddings.weight " + norm);
  CHECK(all.stages[3].from.to_text() == "from step 15");
  CHECK(all.stages[0].from.to_text() == "from the start");

  Stages some("freeze {*embeddings*,*norm*,classifier.*,*pooler*,*layer.0*}\nunfreeze every epoch");
  REQUIRE(some.stages.size() == 1);
  CHECK(trained(some.store) == "bert.encoder.layer.1.query.weight ");
  Stages layers("freeze {*norm*,classifier.*,*pooler*,*layer.0*}\nunfreeze every epoch");
  REQUIRE(layers.stages.size() == 2);
  CHECK(layers.at(0) == "bert.encoder.layer.1.query.weight ");
  CHECK(layers.at(1) == "bert.embeddings.weight bert.encoder.layer.1.query.weight ");
  CHECK(layers.stages[1].from.to_text() == "from epoch 1");
}

TEST_CASE("freeze schedule: adapters are unfrozen with the layer that they are in") {
  ParameterStore store(Device::from_environment());
  const Scope s(store);
  const Linear lower(s / "layers.0", 4, 4), upper(s / "layers.1", 4, 4), head(s / "head", 4, 2);
  store.name_head("head");
  const auto stages = FreezeSchedule::parse("lora layers.* r=2\nunfreeze every epoch", "m.txt").stages(store);
  REQUIRE(stages.size() == 3);
  const std::string top = "head.weight head.bias ";
  CHECK(trained(store) == top);
  stages[1].apply(store);
  CHECK(trained(store) == top + "layers.1.lora_A.weight layers.1.lora_B.weight ");
  CHECK(stages[2].apply(store).trained == 10 + 4 * 8);
}
