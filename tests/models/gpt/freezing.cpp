// SPDX-License-Identifier: Apache-2.0
// What freezing saves in GPT: no product in the backward pass for what is frozen, no dropout in it, and what is frozen
// from below is computed once for a text.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/prefix/keeping.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/small_gpt.h"
#include "tests/models/small_t5.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

using Bytes = std::vector<std::byte>;

std::vector<Encoding> encodings(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Encoding> all;
  for (const auto& text : texts) all.emplace_back().ids = text;
  return all;
}

// Of a small GPT: so many stages from below.
FreezeMask frozen_stages(int64_t stages) {
  FreezeMask mask = FreezeMask::all_trained();
  if (stages > 0) mask.freeze("*{wte,wpe,tokens_embed,positions_embed}.*");
  for (int64_t layer = 0; layer < std::min<int64_t>(stages - 1, 3); ++layer)
    mask.freeze("*h." + std::to_string(layer) + ".*");
  if (stages == 5) mask.freeze("*ln_f.*");
  return mask;
}

uint64_t launched(const std::string& name) {
  const auto& all = counters().by_name;
  const auto found = all.find(name);
  return found == all.end() ? 0 : found->second;
}

}  // namespace

TEST_CASE("freezing GPT: a head alone runs one product backward, each trained layer its own") {
  GptConfig config = small_gpt_config();
  config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0.1;
  SmallGpt<GptForSequenceClassification> small(config);
  small.store.mode().training = true;
  const GptInput text = gpt_texts(small_texts({9, 4, 12}), small.device);
  for (int64_t stages = 1; stages <= 5; ++stages) {
    CAPTURE(stages);
    frozen_stages(stages).apply(small.store);
    const Variable loss = small.model.loss(small.model(text), {.classes = {0, 1, 1}});
    counters() = {};
    backward(loss);
    // Four products a layer, each with the gradients of weight and input, and the head's two; the lowest trained
    // product has no gradient of its input, but where a norm before it is trained.
    CHECK(launched("attention_backward") == static_cast<uint64_t>(std::max<int64_t>(0, 4 - stages)));
    CHECK(launched("matmul") == 2 * 4 * static_cast<uint64_t>(std::max<int64_t>(0, 4 - stages)) + (stages < 5 ? 2 : 1));
    for (const Parameter& p : small.store.all()) {
      INFO(p.name());
      CHECK(p.variable().grad().defined() == !p.frozen());
      if (!p.frozen()) p.variable().clear_grad();
    }
  }
}

TEST_CASE("freezing GPT: a text's frozen part is a function of the text, with dropout in training or without") {
  for (const char* type : {"gpt2", "openai-gpt"}) {
    CAPTURE(type);
    GptConfig config = small_gpt_config(type);
    config.resid_pdrop = config.embd_pdrop = config.attn_pdrop = 0.3;
    SmallGpt<GptLMHeadModel> small(config);
    const GptInput text = gpt_texts(small_texts({9, 4}), small.device);
    FreezeMask::all_frozen().apply(small.store);
    const Bytes evaluated = small.model(text).value().to_bytes();
    small.store.mode().training = true;
    CHECK(small.model(text).value().to_bytes() == evaluated);
    frozen_stages(2).apply(small.store);
    std::vector<Variable> hidden, again;
    small.model.transformer(text, &hidden);
    small.model.transformer(text, &again);
    CHECK(hidden[1].value().to_bytes() == again[1].value().to_bytes());
    CHECK(hidden[2].value().to_bytes() != again[2].value().to_bytes());
  }
}

TEST_CASE("freezing GPT: what is kept of the frozen part gives the bits of what is computed, of every head") {
  const ScratchFolder folder;
  auto ids = small_texts({7, 12, 3, 9});
  ids[1].back() = 0;
  const std::vector<Encoding> texts = encodings(ids);
  const std::vector<const Encoding*> all = pointers_to(texts);
  for (const char* type : {"gpt2", "openai-gpt"})
    for (const char* head : {"ForSequenceClassification", "LMHeadModel", "Model"}) {
      GptConfig config = small_gpt_config(type);
      config.pad_token_id = 0;
      write_small_model<GptLMHeadModel>(folder / "model", config);
      const int64_t most = config.is_gpt1() ? 4 : 5;
      for (int64_t stages = 0; stages <= most; ++stages) {
        INFO(type << ", " << head << ", " << stages << " stages frozen");
        const auto model =
            open_text_checkpoint(folder / "model")->build(head, Device::from_environment(), DType::f32, 5);
        frozen_stages(stages).apply(model->store());
        const FrozenPrefix prefix = model->frozen_prefix();
        CHECK(prefix.of == most);
        CHECK(prefix.stages == stages);
        CHECK(prefix.row_a_text == (std::string(head) == "ForSequenceClassification" && stages > 3));
        std::unique_ptr<PrefixCache> cache;
        const KeptTexts nothing = keep_frozen(*model, cache, all, {.bytes = 1 << 20});
        CHECK(nothing.kept == 0);
        const Bytes computed = (*model)(all).value().to_bytes();
        const KeptTexts kept = keep_frozen(*model, cache, all, {.bytes = 1 << 20, .passes = 3});
        CHECK(kept.kept == (stages > 1 ? 4 : 0));
        CHECK((*model)(all).value().to_bytes() == computed);
        counters() = {};
        CHECK((*model)(all).value().to_bytes() == computed);
        if (stages > 1) CHECK(launched("attention") == static_cast<uint64_t>(std::max<int64_t>(0, 4 - stages)));
        if (model->has_classes_and_words()) {
          const ClassesAndWords both = model->classes_and_words(all, {0, 8}, {5, 6}, 2);
          CHECK(both.logits.shape() == Shape{4, 2});
          model->set_prefix_cache(nullptr);
          const ClassesAndWords anew = model->classes_and_words(all, {0, 8}, {5, 6}, 2);
          CHECK(both.words_loss.item() == doctest::Approx(anew.words_loss.item()).epsilon(1e-5));
        }
      }
    }
}

TEST_CASE("freezing GPT: classes and words of one pass go on behind what is kept of each token, with the same bits") {
  const ScratchFolder folder;
  const std::vector<Encoding> texts = encodings(small_texts({7, 12, 3, 9}));
  const std::vector<const Encoding*> all = pointers_to(texts);
  for (const char* type : {"gpt2", "openai-gpt"})
    for (int64_t stages = 0; stages <= (std::string(type) == "gpt2" ? 5 : 4); ++stages) {
      INFO(type << ", " << stages << " stages frozen");
      GptConfig config = small_gpt_config(type);
      config.pad_token_id = 0;
      write_small_model<GptLMHeadModel>(folder / "model", config);
      const auto model = open_text_checkpoint(folder / "model")
                             ->build("ForSequenceClassification", Device::from_environment(), DType::f32, 5);
      frozen_stages(stages).apply(model->store());
      const auto said = [&] {
        const ClassesAndWords both = model->classes_and_words(all, {0, 8, 20}, {5, 6, 7}, 3);
        return std::vector{both.logits.value().to_bytes(), both.words_loss.value().to_bytes(),
                           (*model)(all).value().to_bytes()};
      };
      std::unique_ptr<PrefixCache> cache;
      CHECK(keep_frozen(*model, cache, all, {.bytes = 1 << 20, .all_rows = true}).kept == 0);
      const std::vector<Bytes> computed = said();
      CHECK(keep_frozen(*model, cache, all, {.bytes = 1 << 20, .passes = 3, .all_rows = true}).kept ==
            (stages > 1 ? 4 : 0));
      CHECK_FALSE(model->frozen_prefix().row_a_text);
      CHECK(said() == computed);
      counters() = {};
      CHECK(said() == computed);
      // Of three blocks, those that are trained and the last one, in two passes.
      if (stages > 1) CHECK(launched("attention") == 2 * static_cast<uint64_t>(std::max<int64_t>(1, 4 - stages)));
      const std::vector<float> behind = (*model)(all).value().to_host<float>();
      model->set_prefix_cache(nullptr);
      const std::vector<float> anew = (*model)(all).value().to_host<float>();
      for (size_t i = 0; i < anew.size(); ++i) CHECK(behind[i] == doctest::Approx(anew[i]).epsilon(1e-4));
    }
}

}  // namespace thaw
