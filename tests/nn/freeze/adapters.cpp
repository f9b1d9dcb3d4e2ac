// SPDX-License-Identifier: Apache-2.0
// Rules that put adapters on products: where they go, that they begin without effect, and what is refused.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/bert/classification.h"
#include "nn/adapters.h"
#include "nn/attention.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/models/small_bert.h"

using namespace thaw;

namespace {

using Model = SmallBert<BertForSequenceClassification>;

std::vector<std::string> names_of(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const Parameter& p : parameters) names.push_back(p.name());
  return names;
}

std::string message_of(const std::string& rules, ParameterStore& store) {
  try {
    FreezeMask::parse(rules, "m.txt").apply(store);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("adapters: they begin without effect, and are trained while the rest is frozen") {
  Model small;
  const BertInput batch = small.batch({5, 3});
  const auto before = small.model(batch).value().to_bytes();
  for (const char* rules : {"lora r=2", "lora *.dense r=3 alpha=7 rs", "ia3", "adapter size=3"}) {
    CAPTURE(rules);
    SmallBert<BertForSequenceClassification> other;
    FreezeMask::parse(rules, "m").apply(other.store);
    CHECK(other.model(batch).value().to_bytes() == before);
    CHECK(names_of(other.store.trained()) == names_of(adapter_parameters(other.store)));
  }
}

TEST_CASE("adapters: without a pattern they go where their authors put them; a later rule of a kind overrules") {
  Model small;
  const FreezeMask mask = FreezeMask::parse("lora r=2\nlora *.layer.1.*.value r=4 dora\nia3\nadapter size=3\n", "m");
  const FreezeReport report = mask.apply(small.store);
  const std::string layer = "bert.encoder.layer.1.";
  CHECK(small.store.find(layer + "attention.self.query.lora_A.weight").value().shape() ==
        Shape{2, small.config.hidden_size});
  CHECK(small.store.find(layer + "attention.self.value.lora_B.weight").value().shape() ==
        Shape{small.config.hidden_size, 4});
  CHECK(small.store.find(layer + "attention.self.value.lora_magnitude_vector").defined());
  CHECK(!small.store.find(layer + "attention.self.query.lora_magnitude_vector").defined());
  CHECK(small.store.find(layer + "attention.self.key.ia3_l").value().shape() == Shape{small.config.hidden_size, 1});
  CHECK(small.store.find(layer + "output.dense.ia3_l").value().shape() == Shape{1, small.config.intermediate_size});
  CHECK(small.store.find(layer + "attention.output.dense.adapter_down.weight").value().shape() ==
        Shape{3, small.config.hidden_size});
  CHECK(!small.store.find(layer + "attention.self.key.lora_A.weight").defined());
  const int64_t layers = small.config.num_hidden_layers;
  REQUIRE(report.rules.size() == 4);
  CHECK(report.rules[0].tensors == 2 * (2 * layers - 1));
  CHECK(report.rules[1].tensors == 3);
  CHECK(report.rules[2].tensors == 3 * layers);
  CHECK(report.rules[3].tensors == 4 * 2 * layers);
  CHECK(FreezeMask::parse(mask.to_text(), "again").to_text() == mask.to_text());

  const auto all = names_of(small.store.all());
  mask.apply(small.store);  // again: nothing is added
  CHECK(names_of(small.store.all()) == all);
}

TEST_CASE("adapters: rules behind them count; heads are trained with them") {
  Model small;
  small.store.name_head("classifier");
  const FreezeReport report =
      FreezeMask::parse("lora r=2\nfreeze *.layer.0.*\ntrain bert.pooler.*", "m").apply(small.store);
  CHECK(small.store.find("classifier.weight").frozen() == false);
  CHECK(small.store.find("bert.pooler.dense.weight").frozen() == false);
  CHECK(small.store.find("bert.encoder.layer.0.attention.self.query.lora_A.weight").frozen());
  CHECK(small.store.find("bert.encoder.layer.1.attention.self.query.lora_A.weight").frozen() == false);
  CHECK(small.store.find("bert.encoder.layer.1.attention.self.query.weight").frozen());
  CHECK(report.trained + report.frozen > 0);
}

TEST_CASE("adapters: what is wrong is refused, and nothing is changed") {
  Model small;
  const auto all = names_of(small.store.all());
  const std::pair<const char*, const char*> cases[] = {
      {"lora *.qery r=2",
       "m.txt:1: \"lora *.qery r=2\" matches no product; near names: bert.encoder.layer.0.attention.self."
       "query"},
      {"lora r=2\ntrain clasifier.*",
       "m.txt:2: \"train clasifier.*\" matches no parameter; near names: classifier.weight"},
      {"lora r=2\nadapter classifier size=3\nlora classifier r=900", "classifier: a rank of 900 does not fit a weight"},
  };
  for (const auto& [rules, message] : cases) {
    INFO(rules);
    CHECK_MESSAGE(message_of(rules, small.store).starts_with(message), message_of(rules, small.store));
    CHECK(names_of(small.store.all()) == all);
    CHECK(small.store.trained().size() == all.size());
  }
  FreezeMask().lora("", {.rank = 2}).apply(small.store);
  CHECK(message_of("lora r=3", small.store) ==
        "m.txt:1: \"lora r=3\": bert.encoder.layer.0.attention.self.query has another adapter of this kind already");
  CHECK(small.store.all().size() == all.size() + 2 * 2 * static_cast<size_t>(small.config.num_hidden_layers));
}

TEST_CASE("adapters: taken off, the model is what it was") {
  Model small;
  const BertInput batch = small.batch({5, 3});
  const auto before = small.model(batch).value().to_bytes();
  const auto all = names_of(small.store.all());
  FreezeMask().lora("").ia3("").adapter("").apply(small.store);
  for (const Parameter& p : adapter_parameters(small.store)) p.value().fill_(0.5);
  CHECK(small.model(batch).value().to_bytes() != before);
  for (const auto& product : small.store.products())
    take_off_adapters(small.store, *product, [](const Parameter&) { return true; });
  CHECK(names_of(small.store.all()) == all);
  CHECK(small.model(batch).value().to_bytes() == before);
  CHECK(adapter_parameters(small.store).empty());
}

TEST_CASE("adapters: of a product that makes queries, keys and values in one, some blocks are tuned by rows of its B") {
  for (const WeightLayout layout : {WeightLayout::in_out, WeightLayout::out_in}) {
    ParameterStore store(Device::from_environment());
    const MultiHeadAttention attention(Scope(store) / "attn",
                                       {.channels = 4, .heads = 2, .layout = layout, .joined = "c_attn"});
    FreezeMask::parse("lora r=2\nfreeze *.lora_B.weight\ntrain *c_attn.lora_B.weight rows 0:4,8:12", "m").apply(store);
    const Product& product = *store.products().at(0);
    const std::vector<float> before = product.weight.value().to_host<float>();
    AdamW optimizer(store, {.weight_decay = 0.1});
    const Variable x =
        Variable(Tensor::from_host(std::vector<float>{1, -2, 3, 1, 2, 0, -1, 1}, {2, 4}, store.device()));
    backward(sum_all(square(attention.joined(x))));
    optimizer.step(0.1);
    const std::vector<float> after = product.low_rank->merged(product.adapted_weight()).to_host<float>();
    for (size_t i = 0; i < after.size(); ++i) {
      const size_t out = layout == WeightLayout::in_out ? i % 12 : i / 4;
      CAPTURE(i);
      CHECK((after[i] != before[i]) == (out < 4 || out >= 8));
    }
  }
}
