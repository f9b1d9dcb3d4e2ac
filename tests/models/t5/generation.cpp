// SPDX-License-Identifier: Apache-2.0
// T5 writes what the reference's generate() writes; kept keys and values change nothing, nor does the batch.
#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "models/generation/generate.h"
#include "models/hub/pretrained.h"
#include "models/packed_text.h"
#include "models/t5/decoder.h"
#include "models/t5/t5.h"
#include "tests/goldens.h"
#include "tests/models/generation/golden_rows.h"
#include "tests/models/golden_case.h"
#include "tests/models/t5/uncached_decoder.h"

namespace thaw {
namespace {

using T5 = Pretrained<T5ForConditionalGeneration>;

// The sources of batch 0 by number.
std::vector<Encoding> sources_of(const GoldenCase& golden, const std::vector<size_t>& numbers) {
  const PaddedText padded = golden.padded_text(0);
  std::vector<Encoding> sources;
  for (const size_t b : numbers) {
    Encoding& source = sources.emplace_back();
    for (int64_t s = 0; s < padded.columns; ++s) {
      const size_t cell = b * static_cast<size_t>(padded.columns) + static_cast<size_t>(s);
      if (padded.mask[cell] != 0) source.ids.push_back(padded.ids[cell]);
    }
  }
  return sources;
}

std::vector<GoldenCase> goldens() {
  std::vector<GoldenCase> all;
  for (const char* name : {"t5_v10", "t5_v11", "t5_gated_tied"})
    if (has_golden(name)) all.emplace_back(golden_dir() / name);
  REQUIRE(!all.empty());  // tests/goldens has one
  return all;
}

}  // namespace

TEST_CASE("T5 generation, golden: greedy rows and beams are the reference's, token by token") {
  for (const GoldenCase& golden : goldens()) {
    T5 t5(golden.directory(), Device::from_environment());
    const auto rows = static_cast<size_t>(golden.padded_text(0).rows);
    const std::vector<std::vector<int32_t>> prompts(rows, {0});
    check_golden_rows(golden, prompts, [&](const std::vector<size_t>& numbers) -> std::unique_ptr<Decoder> {
      const std::vector<Encoding> sources = sources_of(golden, numbers);
      return std::make_unique<T5Decoder>(t5.model(), PackedText::from_encodings(pointers_to(sources), t5.device()));
    });
  }
}

TEST_CASE("T5 generation: kept keys and values give what whole texts give, behind given beginnings too") {
  for (const GoldenCase& golden : goldens()) {
    T5 t5(golden.directory(), Device::from_environment());
    const std::vector<size_t> numbers{0, 1, 2};
    const std::vector<Encoding> sources = sources_of(golden, numbers);
    for (const int64_t beams : {1, 3}) {
      GenerationOptions options;
      options.max_new_tokens = 40;
      options.end_ids = {1};
      options.num_beams = options.num_return_sequences = beams;
      options.repetition_penalty = 1.2;  // else rows of random weights say one word for ever
      GenerationRequest request;
      request.prompts = {{0}, {0, 17, 5}, {0, 3}};
      T5Decoder cached(t5.model(), PackedText::from_encodings(pointers_to(sources), t5.device()));
      UncachedDecoder uncached(t5.model(), sources, t5.device());
      const auto a = generate(cached, request, options), b = generate(uncached, request, options);
      for (size_t i = 0; i < a.size(); ++i) {
        REQUIRE(a[i].size() == b[i].size());
        for (size_t n = 0; n < a[i].size(); ++n) CHECK(a[i][n].ids == b[i][n].ids);
      }
    }
  }
}

TEST_CASE("T5 generation: a source gives what it gives alone, whatever the batch") {
  for (const GoldenCase& golden : goldens()) {
    T5 t5(golden.directory(), Device::from_environment());
    std::vector<Encoding> sources;
    for (int32_t i = 0; i < 24; ++i) {
      Encoding& source = sources.emplace_back();
      for (int32_t j = 0; j <= i * i % 61; ++j) source.ids.push_back(2 + (i * 31 + j * 7) % 150);
    }
    for (const int64_t beams : {1, 4}) {
      GenerationOptions options;
      options.max_new_tokens = 12;
      options.end_ids = {1, 20, 40, 60, 80, 100};
      options.num_beams = beams;
      const auto decoder = [&](std::span<const Encoding> some) {
        std::vector<const Encoding*> texts;
        for (const Encoding& one : some) texts.push_back(&one);
        return T5Decoder(t5.model(), PackedText::from_encodings(texts, t5.device()));
      };
      T5Decoder all = decoder(sources);
      const auto together = generate(all, {std::vector<std::vector<int32_t>>(sources.size(), {0})}, options);
      for (size_t i = 0; i < sources.size(); ++i) {
        T5Decoder one = decoder(std::span(sources).subspan(i, 1));
        CHECK(generate(one, {{{0}}}, options)[0][0].ids == together[i][0].ids);
      }
    }
  }
}

}  // namespace thaw
