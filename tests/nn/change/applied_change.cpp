// SPDX-License-Identifier: Apache-2.0
// Changes on a model and off again: what is refused, what comes back, what is learnt meanwhile.
#include "nn/change/applied_change.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nn/change/change_bank.h"
#include "nn/change/merge.h"
#include "nn/change/since_base.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/nn/change/small_products.h"

using namespace thaw;

namespace {

ModelChange change_of_all_kinds() {
  ModelChange change;
  change.products["first"].low_rank = low_rank(4, 5, true);
  change.products["first"].scaling = ModelChange::Scaling{true, host_numbers({1, 4}, "in")};
  change.products["second"].scaling = ModelChange::Scaling{false, host_numbers({4, 1}, "out")};
  change.products["said"].low_rank = low_rank(4, 6);
  change.products["second"].bottleneck = ModelChange::Bottleneck{{.size = 2},
                                                                 host_numbers({2, 4}, "d"),
                                                                 host_numbers({2}, "db"),
                                                                 host_numbers({4, 2}, "u"),
                                                                 host_numbers({4}, "ub")};
  change.tensors["second.bias"] = host_numbers({4}, "bias");
  change.rows["words.weight"] = {{5, 0, 1}, host_numbers({3, 4}, "rows")};
  return change;
}

}  // namespace

TEST_CASE("changes: on, off and on again; the base keeps its bits") {
  SmallProducts model;
  const auto base = bytes_of(model.store);
  const std::vector<float> plain = model().value().to_host<float>();
  AppliedChange change(model.store, change_of_all_kinds());
  CHECK(change.is_on());
  const auto changed = bytes_of(model.store);
  CHECK(changed.size() == base.size() + 3 + 1 + 1 + 4 + 2);
  CHECK(changed.at("first.weight") == base.at("first.weight"));
  CHECK(changed.at("second.bias") != base.at("second.bias"));
  const std::vector<float> other = model().value().to_host<float>();
  CHECK(other != plain);

  change.take_off();
  CHECK(bytes_of(model.store) == base);
  CHECK(model().value().to_host<float>() == plain);
  CHECK(error_of([&] { change.take_off(); }) == "a change that is not on the model cannot be taken off");
  change.put_on();
  CHECK(bytes_of(model.store) == changed);
  CHECK(model().value().to_host<float>() == other);
  CHECK(error_of([&] { change.put_on(); }) == "the change is on the model already");
}

TEST_CASE("changes: what they replace is saved with what is trained") {
  SmallProducts model;
  const ModelChange change = change_of_all_kinds();
  const AppliedChange applied(model.store, change);
  const ModelChange saved = change_since_base(model.store);
  CHECK(saved.products.size() == change.products.size());
  CHECK(saved.tensors.at("second.bias").to_bytes() == change.tensors.at("second.bias").to_bytes());
  CHECK(saved.rows.at("words.weight").numbers == std::vector<int64_t>{0, 1, 5});

  SmallProducts other;
  ModelChange adapter;
  adapter.products["first"].low_rank = low_rank(4, 5);
  const AppliedChange on(other.store, adapter);
  const MergedAdapters merged(other.store);
  CHECK(change_since_base(other.store).tensors.contains("first.weight"));
}

TEST_CASE("changes: what they replaced is the base's again when they are off") {
  SmallProducts model;
  model.words.weight.mark_changed_rows({1, 4});  // of the base itself
  const auto rows = [&] { return model.words.weight.changed().rows.to_text(); };
  AppliedChange change(model.store, change_of_all_kinds());
  CHECK(rows() == "0:4,5");
  CHECK(model.second.bias.changed().whole);
  change.take_off();
  CHECK(rows() == "1:4");
  CHECK_FALSE(model.second.bias.changed().any());
  model.words.weight.mark_changed_rows({4, 5});  // trained meanwhile: no row of the change
  change.put_on();
  CHECK(rows() == "0:6");
  CHECK(model.second.bias.changed().whole);
  change.take_off();
  CHECK(rows() == "1:5");

  ChangeBank bank(model.store);
  bank.add("all", change_of_all_kinds());
  CHECK_FALSE(model.second.bias.changed().any());
  bank.use("all");
  CHECK(model.second.bias.changed().whole);
  bank.use("");
  CHECK_FALSE(model.second.bias.changed().any());
}

TEST_CASE("changes: one that fails half way leaves nothing") {
  SmallProducts model;
  // In the way of the second tensor of an adapter.
  model.store.parameter("said.lora_B.weight", {6, 2}, Init::normal(0.1));
  const auto before = bytes_of(model.store);
  CHECK(error_of([&] { const AppliedChange change(model.store, change_of_all_kinds()); }) ==
        "said.lora_B.weight: there is a parameter of that name; modules share one by Scope::shared");
  CHECK(bytes_of(model.store) == before);
  model.store.remove("said.lora_B.weight");
  CHECK_NOTHROW(AppliedChange(model.store, change_of_all_kinds()));
}

TEST_CASE("changes: rows are replaced in the order in which they are given") {
  SmallProducts model;
  const std::vector<float> before = model.words.weight.value().to_host<float>();
  const ModelChange change = change_of_all_kinds();
  const std::vector<float> rows = change.rows.at("words.weight").values.to_host<float>();
  const AppliedChange applied(model.store, change);
  const std::vector<float> after = model.words.weight.value().to_host<float>();
  const std::vector<int> from = {1, 2, -1, -1, -1, 0};  // which of the rows stands where
  for (size_t row = 0; row < 6; ++row)
    for (size_t c = 0; c < 4; ++c)
      CHECK(after[4 * row + c] == (from[row] < 0 ? before[4 * row + c] : rows[4 * static_cast<size_t>(from[row]) + c]));
}

TEST_CASE("changes: what is trained on a base is its change") {
  SmallProducts model;
  FreezeMask::parse("lora first r=2\nia3 second\ntrain first.bias\ntrain words.weight rows 2:4\n", "rules")
      .apply(model.store);
  const ModelChange change = change_of(model.store);
  CHECK(change.products.size() == 2);
  CHECK(change.products.at("first").low_rank->options == LowRankOptions{.rank = 2});
  CHECK_FALSE(change.products.at("second").scaling->on_input);
  CHECK(change.tensors.size() == 1);
  CHECK(change.tensors.contains("first.bias"));
  CHECK(change.rows.at("words.weight").numbers == std::vector<int64_t>{2, 3});

  const std::vector<std::string> names = {"second.weight"};
  const ModelChange chosen = change_of(model.store, names);
  CHECK(chosen.products.size() == 2);
  CHECK(chosen.tensors.size() == 1);
  CHECK(chosen.rows.empty());
  const std::vector<std::string> adapter = {"first.lora_A.weight"}, unknown = {"first.wait"};
  CHECK(error_of([&] { change_of(model.store, adapter); }) ==
        "first.lora_A.weight: is an adapter's, which are part of a change anyway");
  CHECK(error_of([&] { change_of(model.store, unknown); }) ==
        "first.wait: the model has no parameter of that name; near names: first.weight, first.bias, words.weight, "
        "second.weight, second.bias");
}

TEST_CASE("changes that do not fit are told in one line, and nothing is changed") {
  const std::vector<std::pair<std::function<void(ModelChange&)>, std::string>> cases = {
      {[](ModelChange& c) { c.products["frist"].low_rank = low_rank(4, 5); },
       "frist: the model has no product of that name; near names: first, said, second"},
      {[](ModelChange& c) { c.products["first"].low_rank = low_rank(5, 4); },
       "first.lora_A.weight: its shape is [2, 5], the model needs [2, 4]"},
      {[](ModelChange& c) {
         c.products["first"].low_rank = low_rank(4, 5), c.products["first"].low_rank->options.rank = 5;
       },
       "first: a rank of 5 does not fit a product from 4 to 5"},
      {[](ModelChange& c) { c.products["first"].low_rank = low_rank(4, 5), c.products["first"].low_rank->b = {}; },
       "first.lora_B.weight: the change has no numbers for it"},
      {[](ModelChange& c) {
         c.products["second"].scaling = ModelChange::Scaling{false, host_numbers({1, 4}, "out")};
       },
       "second.ia3_l: its shape is [1, 4], the model needs [4, 1]"},
      {[](ModelChange& c) { c.tensors["second.bias"] = host_numbers({5}, "bias"); },
       "second.bias: its shape is [5], the model needs [4]"},
      {[](ModelChange& c) {
         c.tensors["words.weight"] = host_numbers({6, 4}, "words");
       },
       "words.weight: is changed as a whole and in rows"},
      {[](ModelChange& c) {
         c.rows["words.weight"].numbers = {0, 6, 1};
       },
       "words.weight: row 6 is not among its 6"},
      {[](ModelChange& c) {
         c.rows["words.weight"].numbers = {0, 2, 0};
       },
       "words.weight: row 0 is changed twice"},
      {[](ModelChange& c) {
         c.rows["words.weight"].numbers = {0, 2};
       },
       "words.weight: its shape is [3, 4], the model needs [2, 4]"},
      {[](ModelChange& c) {
         c.rows["first.wait"] = {{0}, host_numbers({1, 4}, "rows")};
       },
       "first.wait: the model has no parameter of that name; near names: first.weight, first.bias, words.weight, "
       "second.weight, second.bias"},
  };
  SmallProducts model;
  const auto base = bytes_of(model.store);
  for (const auto& [spoil, message] : cases) {
    ModelChange change = change_of_all_kinds();
    spoil(change);
    CHECK(error_of([&] { AppliedChange(model.store, change); }) == message);
    CHECK(bytes_of(model.store) == base);
  }
  const AppliedChange there(model.store, change_of_all_kinds());
  const auto changed = bytes_of(model.store);
  CHECK(error_of([&] { AppliedChange(model.store, change_of_all_kinds()); }) ==
        "first: has an adapter of that kind already");
  CHECK(bytes_of(model.store) == changed);
}

TEST_CASE("changes of one base: one is chosen, or none") {
  SmallProducts model;
  const auto base = bytes_of(model.store);
  const std::vector<float> plain = model().value().to_host<float>();
  ModelChange small;
  small.products["first"].low_rank = low_rank(4, 5);
  ChangeBank bank(model.store);
  bank.add("large", change_of_all_kinds());
  bank.use("large");
  const std::vector<float> by_large = model().value().to_host<float>();
  bank.add("small", small);  // beside one that is used
  CHECK(model().value().to_host<float>() == by_large);
  CHECK(bank.used() == "large");
  bank.use("small");
  const std::vector<float> by_small = model().value().to_host<float>();
  CHECK(by_small != by_large);
  CHECK(by_small != plain);
  bank.use("large");
  CHECK(model().value().to_host<float>() == by_large);
  CHECK(bank.names() == std::vector<std::string>{"large", "small"});

  CHECK(error_of([&] { bank.use("huge"); }) == R"("huge": there is no change of that name, but large, small)");
  CHECK(error_of([&] { bank.add("small", small); }) == R"("small": there is a change of that name)");
  CHECK(error_of([&] { bank.add("", small); }) == R"("": a change needs a name)");
  small.products["third"] = small.products["first"];
  CHECK(error_of([&] { bank.add("other", small); }).starts_with("third: the model has no product of that name"));
  CHECK(model().value().to_host<float>() == by_large);
  bank.use("");
  CHECK(bytes_of(model.store) == base);
  CHECK(model().value().to_host<float>() == plain);
}
