// SPDX-License-Identifier: Apache-2.0
// BERT behind a prefix: the numbers of peft 0.7.1 with transformers 4.36 (newer ones refuse; PrefixTuningConfig of
// SEQ_CLS and TOKEN_CLS, f64); what a text gives does not depend on its neighbours; rules and limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "models/hub/peft/prefix_slots.h"
#include "nn/adapters.h"
#include "nn/change/applied_change.h"
#include "nn/change/change_bank.h"
#include "nn/change/merge.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/models/bert/reference_bert.h"

using namespace thaw;

namespace {

template <typename Model>
struct Prefixed {
  ParameterStore store;
  Model model;
  BertInput text;

  Prefixed() : store(Device::open("reference"), DType::f64), model(Scope(store), reference_config()) {
    fill_with_waves(store);
    const PrefixSlots slots(store);
    const int64_t columns = 2 * slots.layers() * slots.width();
    std::vector<double> rows;
    for (int64_t i = 0; i < 3 * columns; ++i) rows.push_back(0.8 * std::cos(0.61 * static_cast<double>(i)));
    ModelChange change;
    change.prefixes = slots.prefixes(Tensor::from_host(rows, {3, columns}, store.device(), DType::f64));
    const AppliedChange applied(store, change);  // stays
    FreezeMask::all_frozen().train("*prefix*").apply(store);
    text = reference_batch(store.device());
  }
  // As peft has it.
  std::vector<double> gradient() const {
    std::map<std::string, ModelChange::Prefix> all;
    for (const auto& prefix : store.attention_prefixes())
      all[prefix->path] = {prefix->keys.variable().grad(), prefix->values.variable().grad()};
    return PrefixSlots(store).rows(all).to_host<double>();
  }
};

}  // namespace

TEST_CASE("BERT behind a prefix: classes of texts as peft's") {
  const Prefixed<BertForSequenceClassification> prefixed;
  const Variable logits = prefixed.model(prefixed.text);
  check_near(logits.value().to_host<double>(), {0.21680292489920333, 0.18198390105571047, 0.16413780660611743,
                                                0.21653560319381654, 0.18227992867530082, 0.1638228080512879});
  ClassificationTargets targets;
  targets.classes = {0, 2};
  const Variable loss = prefixed.model.loss(logits, targets);
  check_near({loss.value().item<double>()}, {1.0961326731229946});
  backward(loss);
  check_near(prefixed.gradient(),
             {-0.0001358517484606154,  0.00017163220957230646,  -9.898717211043744e-05,  0.00013480047066142162,
              1.0942730785006076e-05,  -1.2661448600775914e-05, 4.17134695199063e-06,    1.8897206357532174e-06,
              6.97391776201851e-05,    -2.2863319415562706e-05, -0.00011237137342509597, -0.00018667048919949453,
              -0.0002633195526494908,  -0.00028222232699628286, -0.00026292763334856395, -0.000208046917976507,
              5.825221052036225e-05,   -0.00018528807067202355, 0.00012986266588303034,  -0.0001913364207012138,
              4.318641929048276e-05,   -3.6697558164661644e-05, 5.16107883056896e-05,    -2.8967155786983908e-05,
              -0.0002356136267724168,  -0.0003178475098622118,  -0.0003570622235822558,  -0.0003479502403950823,
              -0.00036200098299230216, -0.0002434649897352044,  -9.197715226351183e-05,  7.195936128266995e-05,
              -0.00010666382713882532, 0.00013463553040756295,  -7.776706076794614e-05,  0.00010574212231053117,
              7.915862422578702e-05,   -9.11052588585171e-05,   3.0200343081329485e-05,  1.3391365073888367e-05,
              8.455635801567899e-05,   -2.7773623673925194e-05, -0.00013634457569122448, -0.00022646192901004626,
              -0.00025818719214634213, -0.00027673991075474736, -0.00025783718068776295, -0.0002040373977836849,
              3.7762681289680204e-05,  -0.00012009845635580434, 8.417660992229026e-05,   -0.00012401946933342958,
              -6.62510754620021e-05,   5.628766151457295e-05,   -7.919776524075816e-05,  4.442735210324939e-05,
              -0.00020784654930786891, -0.0002803894251912205,  -0.0003149829077412178,  -0.00030694493138008457,
              -0.0003647166180286336,  -0.000245287768316629,   -9.2660369860076e-05,    7.250817496754225e-05,
              -1.8612662251917605e-05, 2.326881226091955e-05,   -1.3623921193402073e-05, 1.8243178056405142e-05,
              9.930055794992449e-05,   -0.00011420283658718144, 3.7875378075345044e-05,  1.677413020141245e-05,
              8.758676497225362e-05,   -2.8671618631943554e-05, -0.0001410494331589529,  -0.00023433686860071216,
              -0.0002557404838406629,  -0.0002741146222560442,  -0.00025538863247855353, -0.00020209698937742599,
              -1.9942252146657e-06,    6.3658213697996855e-06,  -4.457111016811298e-06,  6.572748854058996e-06,
              -0.000113040213807083,   9.604530612875846e-05,   -0.00013511741871137989, 7.58095132355067e-05,
              -0.00020041417018252584, -0.0002703598751318593,  -0.00030371363929762606, -0.00029596118716957337,
              -0.00033111404911224213, -0.0002226888562565866,  -8.412377138740485e-05,  6.582707129656454e-05});
}

TEST_CASE("BERT behind a prefix: classes of tokens as peft's") {
  const Prefixed<BertForTokenClassification> prefixed;
  const Variable logits = prefixed.model(prefixed.text);
  check_near(logits.value().to_host<double>(),
             {-0.4260617264032261, 0.8889426439484376,  -0.583666425262402,  -0.6614839499798122,  1.0759588082185931,
              -0.7161264337327791, 1.0934608965675938,  -0.6453311204322734, 0.9149033140725232,   -0.6240841604187166,
              1.0643872426161634,  -0.7307636273508296, 1.1368835996917723,  -0.7294327268628691,  1.0369181110337864,
              0.9612028999130451,  -0.5747898706653563, 0.9083985865694515,  -0.4237720522005985,  0.886822632418985,
              -0.58178579377801,   -0.6279923619081587, 1.067478226322519,   -0.7329357451190974,  1.0746310992221366,
              -0.624214922018608,  0.8921951286715045,  0.6596457068052433,  -0.28831399689362674, 0.6464248983652667,
              1.1704674593307414,  -0.7432024609789678, 1.0304208967716624});
  std::vector<int32_t> labels;
  for (int32_t i = 0; i < 11; ++i) labels.push_back(i % 3);
  const Variable loss = prefixed.model.loss(logits, Indices(labels, prefixed.store.device()));
  check_near({loss.value().item<double>()}, {1.3338959335094691});
}

TEST_CASE("BERT behind a prefix: a text gives what it gives alone, padding kept or not, behind a prompt too") {
  for (const char* rules : {"prefix n=4", "prefix *.layer.{0,2}.* n=4", "prompt n=3\nprefix n=4"}) {
    CAPTURE(rules);
    SmallBert<BertForQuestionAnswering> small;
    FreezeMask::parse(rules, "m").apply(small.store);
    const PaddedText padded{
        3, 5, {2, 7, 9, 3, 0, 2, 8, 0, 0, 0, 2, 5, 6, 4, 3}, {}, {1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1}};
    const BertInput text = BertInput::from_padded(padded, small.device);
    const Variable packed = small.model(text), kept = small.model(keep_padding(padded, small.device));
    CHECK(packed.size(0) == 11);
    CHECK(largest_difference(take_rows(kept, Indices(text.cells, small.device)).value(), packed.value()) < 1e-5);
    const Tensor first = small.model.bert.first_tokens(text).value();
    const Bert::States states = small.model.bert.states(text);
    CHECK(largest_difference(states.first_tokens.value(), first) < 1e-5);
    for (int64_t b = 0; b < text.count(); ++b) {
      std::vector<Encoding> one(1);
      for (int32_t t = text.segments.begin(b); t < text.segments.end(b); ++t) {
        one[0].ids.push_back(text.ids.host()[static_cast<size_t>(t)]);
        one[0].type_ids.push_back(0);
      }
      const BertInput alone = BertInput::from_encodings(one, small.device);
      CHECK(largest_difference(small.model(alone).value(),
                               packed.value().slice(0, text.segments.begin(b), text.segments.end(b))) < 1e-5);
      CHECK(largest_difference(small.model.bert.first_tokens(alone).value(), first.slice(0, b, b + 1)) < 1e-5);
    }
  }
}

TEST_CASE("BERT behind a prefix: with dropout, checkpointed or not, a step has the same gradient in every layer") {
  BertConfig config = small_bert_config();
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.3;
  std::vector<std::vector<double>> gradients;
  for (const bool checkpointing : {false, true}) {
    ParameterStore store(Device::from_environment(), DType::f32, 11);
    BertForTokenClassification model(Scope(store), config);
    randomise(store);
    FreezeMask().prefix("", 2).apply(store);
    model.bert.checkpointing = checkpointing;
    const TrainingMode training(store.mode());
    const BertInput text = small_batch(config, {5, 3}, store.device());
    backward(model.loss(model(text), Indices(std::vector<int32_t>(8, 1), store.device())));
    std::vector<double>& all = gradients.emplace_back();
    for (const auto& prefix : store.attention_prefixes())
      for (const Parameter& parameter : prefix->parameters()) {
        const std::vector<double> its = parameter.variable().grad().to_host<double>();
        CHECK(std::ranges::any_of(its, [](double g) { return g != 0; }));
        all.insert(all.end(), its.begin(), its.end());
      }
  }
  CHECK(gradients[0].size() == static_cast<size_t>(config.num_hidden_layers * 2 * 2 * config.hidden_size));
  CHECK(gradients[0] == gradients[1]);
}

TEST_CASE("prefixes by rule: where they go and how they begin; what does not fit is refused, and nothing is changed") {
  SmallBert<BertForSequenceClassification> small;
  ParameterStore& store = small.store;
  const size_t before = store.all().size();
  const auto refused = [&](const std::string& rules) {
    const std::string message = error_of<std::exception>([&] { FreezeMask::parse(rules, "m").apply(store); });
    CHECK(store.all().size() == before);
    CHECK(prefix_rows(store) == 0);
    return message;
  };
  CHECK(refused("prefix n=32") == "m:1: \"prefix n=32\": a text may have 32 tokens: a prefix of 32 leaves none");
  CHECK(refused("prompt n=12\nprefix n=20") ==
        "m:2: \"prefix n=20\": a text may have 20 tokens: a prefix of 20 leaves none");
  CHECK(refused("prefix n=0") == "m:1: n=0: expected a number above 0");
  CHECK(refused("prefix rows=3") == "m:1: \"rows=3\" is unknown here; there are: n=");
  CHECK(
      refused("prefix *.query n=3").starts_with("m:1: \"prefix *.query n=3\" matches no self-attention; near names: "));
  CHECK(refused("prefix n=3\ntrain nothing").starts_with("m:2: \"train nothing\" matches no parameter"));

  const std::string in_the_way = "bert.encoder.layer.1.attention.self.prefix_values";
  store.parameter(in_the_way, {1}, Init::zeros());
  CHECK(error_of([&] { FreezeMask().prefix("", 3).apply(store); }).find(in_the_way) != std::string::npos);
  CHECK(prefix_rows(store) == 0);
  CHECK(store.all().size() == before + 1);
  store.remove(in_the_way);

  const FreezeMask mask = FreezeMask::parse("prefix n=3\nprefix *.layer.1.* n=5", "m");
  CHECK(mask.to_text() == "prefix n=3\nprefix *.layer.1.* n=5\n");
  const FreezeReport report = mask.apply(store);
  CHECK(report.trained == (2 * 3 + 5) * 2 * small.config.hidden_size);
  REQUIRE(report.rules.size() == 2);
  CHECK(report.rules[0].tensors == 4);
  CHECK(report.rules[1].tensors == 2);
  CHECK(prefix_rows(store) == 5);
  const std::string path = "bert.encoder.layer.1.attention.self";
  const std::vector<float> begun = store.find(path + ".prefix_keys").value().to_host<float>();
  CHECK(begun == Init::normal(1).values({5, small.config.hidden_size}, store.seed(), path + ".prefix_keys"));
  mask.apply(store);  // again: it is there
  CHECK(store.all().size() == before + 6);
  CHECK(error_of([&] { FreezeMask().prefix("*.layer.0.*", 4).apply(store); }) ==
        "\"prefix *.layer.0.* n=4\": bert.encoder.layer.0.attention.self has a prefix of 3 already");
  CHECK(error_of([&] { FreezeMask().prompt(27).apply(store); }) ==
        "\"prompt n=27\": a text may have 27 tokens: a prompt of 27 leaves none");

  for (const auto& prefix : store.attention_prefixes())
    take_off_adapters(store, *prefix, [](const Parameter&) { return true; });
  CHECK(store.all().size() == before);
  ParameterStore other(Device::open("reference"));
  CHECK(error_of([&] { FreezeMask().prefix("").apply(other); }) ==
        "\"prefix n=20\": no part of this model takes a prefix");
}

TEST_CASE("prefixes as changes: on, off with the base's bits, one of several; no part of a weight") {
  SmallBert<BertForSequenceClassification> small;
  ParameterStore& store = small.store;
  const BertInput batch = small.batch({5, 3});
  const auto logits = [&] { return small.model(batch).value().to_bytes(); };
  const auto plain = logits();
  const size_t before = store.all().size();
  const auto change_by = [&](const std::string& rules) {
    FreezeMask::parse(rules, "m").apply(store);
    ModelChange change = change_of(store, std::vector<std::string>());
    for (const auto& prefix : store.attention_prefixes())
      take_off_adapters(store, *prefix, [](const Parameter&) { return true; });
    for (const auto& prompt : store.soft_prompts())
      take_off_adapters(store, *prompt, [](const Parameter&) { return true; });
    return change;
  };
  const ModelChange all = change_by("prefix n=3"), some = change_by("prefix *.layer.1.* n=5\nprompt n=2");
  CHECK(all.prefixes.size() == 3);
  CHECK(some.prefixes.size() == 1);
  ChangeBank bank(store);
  bank.add("all", all);
  bank.add("some", some);
  CHECK(logits() == plain);
  bank.use("all");
  CHECK(prefix_rows(store) == 3);
  const auto with_all = logits();
  CHECK(with_all != plain);
  bank.use("some");
  CHECK(prefix_rows(store) == 5);
  CHECK(logits() != with_all);
  CHECK(error_of([&] { AppliedChange(store, some); }) == "bert: has a prompt already");
  bank.use("all");
  CHECK(logits() == with_all);
  CHECK(error_of([&] { AppliedChange(store, all); }) == "bert.encoder.layer.0.attention.self: has a prefix already");
  CHECK(error_of([&] { MergedAdapters{store}; }) ==
        "bert.encoder.layer.0.attention.self: a prefix is no part of a weight: it cannot be merged");
  bank.use("");
  CHECK(logits() == plain);
  CHECK(store.all().size() == before);

  const auto refused = [&](const std::string& path, const Shape& keys, const Shape& values) {
    ModelChange change;
    change.prefixes[path] = {Tensor::zeros(keys, DType::f32, Device::open("reference")),
                             Tensor::zeros(values, DType::f32, Device::open("reference"))};
    const std::string message = error_of([&] { AppliedChange(store, change); });
    CHECK(store.all().size() == before);
    return message;
  };
  const std::string self = "bert.encoder.layer.0.attention.self";
  CHECK(refused("bert.encoder.layer.0.attention", {2, 16}, {2, 16})
            .starts_with("bert.encoder.layer.0.attention: the model has no self-attention of that name; near names: "));
  CHECK(refused(self, {2, 8}, {2, 8}) == self + ".prefix_keys: its shape is [2, 8], the model needs [2, 16]");
  CHECK(refused(self, {2, 16}, {3, 16}) == self + ".prefix_values: its shape is [3, 16], the model needs [2, 16]");
  CHECK(refused(self, {32, 16}, {32, 16}) ==
        self + ".prefix_keys: a text may have 32 tokens: a prefix of 32 leaves none");
}

TEST_CASE("rows that stay as random as they begin are told of; adapters that stay without effect, too") {
  SmallBert<BertForSequenceClassification> small;
  const FreezeReport frozen =
      FreezeMask::parse("prompt n=2\nprefix *.layer.1.* n=3\nfreeze *\ntrain classifier.*", "m").apply(small.store);
  CHECK(frozen.new_and_frozen == std::vector<std::string>{"bert.prompt_embeddings",
                                                          "bert.encoder.layer.1.attention.self.prefix_keys",
                                                          "bert.encoder.layer.1.attention.self.prefix_values"});
  const FreezeReport trained = FreezeMask::parse("train *prefix*\ntrain *prompt*", "m").apply(small.store);
  CHECK(trained.new_and_frozen.empty());
  // They have learnt.
  small.store.find("bert.prompt_embeddings").mark_changed();
  CHECK(FreezeMask::parse("freeze *prompt*", "m").apply(small.store).new_and_frozen.empty());

  SmallBert<BertForSequenceClassification> other;
  const FreezeReport still =
      FreezeMask::parse("lora *.layer.0.*.query r=2\nia3 *.layer.{0,1}.*.key\nadapter\nfreeze *\ntrain classifier.*",
                        "m")
          .apply(other.store);
  CHECK(still.notes ==
        std::vector<std::string>{"LoRA on 1 product stays as it begins, frozen: without effect",
                                 "IA3 on 2 products stays as it begins, frozen: without effect",
                                 "a bottleneck adapter on 6 products stays as it begins, frozen: without effect"});
  CHECK(FreezeMask::parse("train *lora_B*\ntrain *ia3*\ntrain *adapter_up*", "m").apply(other.store).notes.empty());
}
