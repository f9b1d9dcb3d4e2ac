// SPDX-License-Identifier: Apache-2.0
// GPT continues texts as the reference's generate() does; kept keys and values change nothing, nor does the batch.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <vector>

#include "models/families.h"
#include "models/generation/generate.h"
#include "models/gpt/decoder.h"
#include "models/hub/pretrained.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/goldens.h"
#include "tests/models/generation/golden_rows.h"
#include "tests/models/golden_case.h"
#include "tests/models/gpt/uncached_decoder.h"
#include "tests/models/small_t5.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

std::vector<GoldenCase> goldens() {
  std::vector<GoldenCase> all;
  for (const char* name : {"gpt2_lm", "gpt2_bare", "gpt2_scaled"})
    if (has_golden(name)) all.emplace_back(golden_dir() / name);
  REQUIRE(!all.empty());  // tests/goldens has one
  return all;
}

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

using SmallLanguageModel = SmallGpt<GptLMHeadModel>;

// Rows that split, end and change their order, behind beginnings of unequal length.
void check_steps(const SmallLanguageModel& small) {
  GptDecoder kept(small.model);
  UncachedGpt anew(small.model, small.device);
  const std::vector<std::vector<int32_t>> beginnings = small_texts({5, 1, 9});
  CHECK(largest_difference(kept.start(beginnings), anew.start(beginnings)) < 1e-4);
  const std::vector<std::vector<int32_t>> parents = {{0, 1, 2}, {0, 0, 2}, {1, 0, 2, 2}, {3}};
  for (size_t s = 0; s < parents.size(); ++s) {
    const std::vector<int32_t> ids = small_texts({static_cast<int32_t>(parents[s].size())}, 20 + s)[0];
    CHECK(largest_difference(kept.step(parents[s], ids), anew.step(parents[s], ids)) < 1e-4);
  }
}

}  // namespace

TEST_CASE("GPT generation, golden: greedy rows and beams are the reference's, token by token") {
  for (const GoldenCase& golden : goldens()) {
    const Pretrained<GptLMHeadModel> gpt(golden.directory(), Device::from_environment());
    std::vector<int32_t> prompt = golden.integers("gen.greedy");
    prompt.resize(6);
    check_golden_rows(golden, {prompt}, [&](const std::vector<size_t>&) { return gpt.model().decoder(); });
  }
}

TEST_CASE("GPT decoding: token by token as of whole texts, of both families") {
  for (const char* type : {"gpt2", "openai-gpt"}) {
    CAPTURE(type);
    check_steps(SmallLanguageModel(small_gpt_config(type)));
    GptConfig config = small_gpt_config(type);
    config.tie_word_embeddings = false;
    config.scale_attn_by_inverse_layer_idx = true;
    check_steps(SmallLanguageModel(config));
  }
}

TEST_CASE("GPT decoding: behind a prompt and prefixes, at the positions that they leave") {
  for (const char* rules : {"prompt n=3", "prefix n=4", "prefix *.h.2.* n=4", "prefix *.{0,1}.* n=2\nprompt n=3"}) {
    CAPTURE(rules);
    SmallLanguageModel small;
    GptDecoder before(small.model);
    CHECK(before.most_tokens() == 32);
    FreezeMask::parse(rules, "rules").apply(small.store);
    CHECK(GptDecoder(small.model).most_tokens() == 32 - small.model.transformer.rows_before());
    check_steps(small);
  }
}

TEST_CASE("GPT generation: beams and samples of kept keys are those of whole texts, up to the last position") {
  const SmallLanguageModel small;
  for (const int64_t beams : {1, 3}) {
    GenerationOptions options;
    options.max_new_tokens = 24;
    options.end_ids = {7};
    options.num_beams = options.num_return_sequences = beams;
    options.do_sample = beams == 1;
    const GenerationRequest request{.prompts = small_texts({5, 1, 8})};
    GptDecoder kept(small.model);
    UncachedGpt anew(small.model, small.device);
    const auto a = generate(kept, request, options), b = generate(anew, request, options);
    for (size_t i = 0; i < a.size(); ++i) {
      REQUIRE(a[i].size() == b[i].size());
      for (size_t n = 0; n < a[i].size(); ++n) CHECK(a[i][n].ids == b[i][n].ids);
    }
  }
  GptDecoder decoder(small.model);
  CHECK_THROWS_AS(generate(decoder, {.prompts = small_texts({32})}, {}), std::invalid_argument);
}

TEST_CASE("GPT generation: a model opened by its family continues texts, with the end tokens of its files") {
  const ScratchFolder folder;
  GptConfig config = small_gpt_config();
  config.eos_token_ids = {3};
  write_small_model<GptLMHeadModel>(folder / "model", config);
  const auto open = [&](const char* ending) {
    return open_text_checkpoint(folder / "model")->build(ending, Device::from_environment(), DType::f32, 1);
  };
  const auto model = open("LMHeadModel");
  REQUIRE(model->generation() != nullptr);
  CHECK(model->generation()->options.end_ids == std::vector<int32_t>{3});
  CHECK(model->generation()->end_ids_key == folder / "model/config.json: eos_token_id");
  const auto decoder = model->decoder();
  CHECK(decoder->vocab_size() == config.vocab_size);
  CHECK(generate(*decoder, {.prompts = {{9, 11}}}, {.max_new_tokens = 3})[0][0].ids.size() == 3);
  CHECK(open("ForSequenceClassification")->decoder() == nullptr);
  CHECK(open("ForSequenceClassification")->generation() == nullptr);
  CHECK(open("Model")->decoder() == nullptr);

  folder.write("model/generation_config.json", R"({"eos_token_id": [4, 5], "max_new_tokens": 7, "top_k": 3})");
  const auto other = open("LMHeadModel");
  CHECK(other->generation()->options.end_ids == std::vector<int32_t>{4, 5});
  CHECK(other->generation()->options.max_new_tokens == 7);
  CHECK(std::ranges::any_of(other->report().notes, [](const std::string& note) {
    return note.find("eos_token_id is 4 or 5, in config.json 3: texts end with the first") != std::string::npos;
  }));
  other->save(folder / "saved", nullptr, {});
  CHECK(Json::read(folder / "saved/generation_config.json").dump() ==
        Json::read(folder / "model/generation_config.json").dump());
  folder.write("model/generation_config.json", R"({"eos_token_id": 4000})");
  CHECK_THROWS_WITH_AS(open("LMHeadModel"),
                       doctest::Contains("generation_config.json: eos_token_id: 4000 is no token's id"),
                       std::runtime_error);
}

}  // namespace thaw
