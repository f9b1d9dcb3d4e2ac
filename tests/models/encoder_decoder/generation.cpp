// SPDX-License-Identifier: Apache-2.0
// An encoder-decoder writes what the reference's generate() writes; kept keys and values change nothing, nor do tied
// layers, a prompt or prefixes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "models/encoder_decoder/rows.h"
#include "models/generation/generate.h"
#include "models/hub/pretrained.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/goldens.h"
#include "tests/models/encoder_decoder/uncached_rows.h"
#include "tests/models/generation/golden_rows.h"
#include "tests/models/golden_case.h"
#include "tests/models/small_encoder_decoder.h"

using namespace thaw;

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

std::vector<Encoding> encodings(const std::vector<std::vector<int32_t>>& texts) {
  std::vector<Encoding> all;
  for (const auto& text : texts) {
    all.emplace_back().ids = text;
    all.back().type_ids.resize(text.size());
  }
  return all;
}

}  // namespace

TEST_CASE("encoder-decoder generation, golden: greedy rows and beams are the reference's, token by token") {
  REQUIRE(has_golden("bert2bert"));
  const GoldenCase golden(golden_dir() / "bert2bert");
  Pretrained<EncoderDecoderModel> model(golden.directory(), Device::from_environment());
  const PaddedText padded = golden.padded_text(0);
  const std::vector<std::vector<int32_t>> prompts(static_cast<size_t>(padded.rows), {2});
  check_golden_rows(golden, prompts, [&](const std::vector<size_t>& numbers) -> std::unique_ptr<Decoder> {
    std::vector<std::vector<int32_t>> sources;
    for (const size_t b : numbers) {
      std::vector<int32_t>& ids = sources.emplace_back();
      for (size_t cell = b * static_cast<size_t>(padded.columns); cell < (b + 1) * static_cast<size_t>(padded.columns);
           ++cell)
        if (padded.mask[cell] != 0) ids.push_back(padded.ids[cell]);
    }
    const BertInput texts = BertInput::from_encodings(encodings(sources), model.device());
    return std::make_unique<EncoderDecoderRows>(model.model(), model.model().encode(texts));
  });
}

TEST_CASE("encoder-decoder generation: kept keys and values give what whole texts give, tied, prompted, prefixed") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::none, EncoderDecoderTie::layers})
    for (const std::string rule : {"", "prompt n=3", "prefix n=4", "prefix decoder.*.1.* n=2\nprompt n=1"}) {
      CAPTURE(rule);
      SmallEncoderDecoder small(small_encoder_decoder_config(tie));
      if (!rule.empty()) FreezeMask::parse(rule, "rule").apply(small.store);
      const auto texts = small_texts({6, 3});
      EncoderDecoderRows kept(small.model, small.model.encode(small.sources(texts)));
      UncachedRows anew(small.model, encodings(texts), small.device);
      const std::vector<std::vector<int32_t>> beginnings = {{2}, {2, 17, 5}};
      CHECK(largest_difference(kept.start(beginnings), anew.start(beginnings)) < 1e-4);
      for (const std::vector<int32_t>& said : {std::vector<int32_t>{7, 9, 11}, {8, 8, 6}, {12, 5, 20}}) {
        // The first row goes on as two.
        const std::vector<int32_t> parents =
            said[0] == 7 ? std::vector<int32_t>{0, 0, 1} : std::vector<int32_t>{1, 0, 2};
        CHECK(largest_difference(kept.step(parents, said), anew.step(parents, said)) < 1e-4);
      }
    }
}

TEST_CASE("encoder-decoder generation: rows end where the decoder has no further position") {
  EncoderDecoderConfig config = small_encoder_decoder_config();
  config.decoder.max_position_embeddings = 9;
  SmallEncoderDecoder small(config);
  const auto length_behind = [&] {
    EncoderDecoderRows rows(small.model, small.model.encode(small.sources(small_texts({5}))));
    GenerationOptions options;
    options.max_new_tokens = 30;
    return generate(rows, {{{2}}}, options)[0][0].ids.size();
  };
  CHECK(length_behind() == 8);
  FreezeMask::parse("prefix decoder.* n=3", "rule").apply(small.store);
  CHECK(length_behind() == 5);
}
