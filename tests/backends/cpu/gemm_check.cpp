// SPDX-License-Identifier: Apache-2.0
// The check of libraries' products: right ones pass, each way of being wrong is found, and each kind is tried once.
#include "backends/cpu/gemm_check.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace thaw;
using namespace thaw::cpu;

namespace {

// A product by three loops; an input's number is changed by `read` on its way, the result's by `write`.
template <typename Read, typename Write>
void loops(const Gemm& gemm, const Read& read, const Write& write) {
  const auto *a = static_cast<const float*>(gemm.a.data), *b = static_cast<const float*>(gemm.b.data);
  for (int64_t i = 0; i < gemm.batch; ++i)
    for (int64_t r = 0; r < gemm.m; ++r)
      for (int64_t c = 0; c < gemm.n; ++c) {
        float sum = 0;
        for (int64_t k = 0; k < gemm.k; ++k)
          sum += read(a[i * gemm.a.batch + r * gemm.a.row + k * gemm.a.column]) *
                 b[i * gemm.b.batch + k * gemm.b.row + c * gemm.b.column];
        float& out = gemm.out[i * gemm.out_batch + r * gemm.out_row + c];
        out = write(gemm.scale * sum + (gemm.bias ? gemm.bias[c] : 0) + (gemm.accumulate ? out : 0));
      }
}
const auto same = [](float x) { return x; };
void right(const Gemm& gemm) { loops(gemm, same, same); }

const float there_is_one = 0;

// Plain, transposed, with gaps, batched, shared, side by side as heads are, with each epilogue.
std::vector<Gemm> forms() {
  std::vector<Gemm> all;
  for (const int64_t batch : {1, 3})
    for (const bool turned : {false, true})
      for (const int64_t gap : {0, 5}) {
        Gemm gemm;
        gemm.batch = batch;
        gemm.m = 7, gemm.n = 19, gemm.k = 11;
        gemm.a = {nullptr, turned ? 1 : gemm.k + gap, turned ? gemm.m + gap : 1, 300};
        gemm.b = {nullptr, turned ? 1 : gemm.n + gap, turned ? gemm.k + gap : 1, 400};
        gemm.out_row = gemm.n + gap;
        gemm.out_batch = 200;
        all.push_back(gemm);
        gemm.scale = 0.5f;
        gemm.accumulate = true;
        all.push_back(gemm);
        gemm.scale = 1;
        gemm.bias = &there_is_one;
        gemm.b.batch = 0;
        all.push_back(gemm);
        gemm.accumulate = false;
        gemm.a.batch = gemm.k;
        gemm.a.row = 3 * gemm.k + gap;
        gemm.a.column = 1;
        all.push_back(gemm);
      }
  return all;
}

}  // namespace

TEST_CASE("cpu: the check of products lets right ones pass") {
  for (const Gemm& gemm : forms()) {
    CAPTURE(text_of(gemm));
    CHECK(computes_right(gemm, right));
    CHECK(computes_right(small_like(gemm, 64), right));
    CHECK(computes_right(gemm, row_by_row_gemm));
    CHECK(computes_right(gemm, unchecked_openblas_gemm));
  }
}

TEST_CASE("cpu: the check of products finds what is wrong") {
  for (const Gemm& gemm : forms()) {
    CAPTURE(text_of(gemm));
    const auto wrong = [&gemm](const Product& product) { return !computes_right(gemm, product); };
    CHECK(wrong([](const Gemm&) {}));
    CHECK(wrong([](const Gemm& g) { loops(g, same, [](float) { return NAN; }); }));
    CHECK(wrong([](const Gemm& g) {
      loops(
          g, [](float x) { return x == 3 ? 2 : x; }, same);
    }));
    // A number too early, too late, of the row before.
    CHECK(wrong([](Gemm g) {
      g.a.data = static_cast<const float*>(g.a.data) + 1;
      right(g);
    }));
    CHECK(wrong([](Gemm g) {
      g.b.data = static_cast<const float*>(g.b.data) - 1;
      right(g);
    }));
    CHECK(wrong([](Gemm g) {
      g.a.column == 1 ? ++g.a.row : ++g.a.column;
      right(g);
    }));
    // One number less to sum, and one more: 0 * NaN.
    CHECK(wrong([](Gemm g) {
      --g.k;
      right(g);
    }));
    if (gemm.a.column == 1 && gemm.a.row == gemm.k + 5 && gemm.batch == 1)
      CHECK(wrong([](Gemm g) {
        right(g);
        for (int64_t r = 0; r < g.m; ++r)
          g.out[r * g.out_row] += 0 * static_cast<const float*>(g.a.data)[r * g.a.row + g.k];
      }));
    // The epilogue.
    CHECK(wrong([](Gemm g) {
      g.accumulate = !g.accumulate;
      right(g);
    }));
    CHECK(wrong([](Gemm g) {
      g.scale *= 2;
      right(g);
    }));
    if (gemm.bias)
      CHECK(wrong([](Gemm g) {
        ++g.bias;
        right(g);
      }));
    // Written beside the result: before, behind, between its rows.
    CHECK(wrong([](const Gemm& g) {
      right(g);
      g.out[-1] = 0;
    }));
    CHECK(wrong([](const Gemm& g) {
      right(g);
      g.out[(g.batch - 1) * g.out_batch + (g.m - 1) * g.out_row + g.n] = 0;
    }));
    if (gemm.out_row > gemm.n)
      CHECK(wrong([](const Gemm& g) {
        right(g);
        g.out[g.n] = 0;
      }));
    // The last matrix, the last row.
    if (gemm.batch > 1)
      CHECK(wrong([](Gemm g) {
        --g.batch;
        right(g);
      }));
    CHECK(wrong([](Gemm g) {
      --g.m;
      right(g);
    }));
  }
}

TEST_CASE("cpu: of a large product some rows are compared, the last one always") {
  Gemm gemm;
  gemm.m = 300, gemm.n = 600, gemm.k = 700;  // more than is compared whole
  gemm.a = {nullptr, gemm.k, 1};
  gemm.b = {nullptr, gemm.n, 1};
  gemm.out_row = gemm.n;
  CHECK(computes_right(gemm, unchecked_openblas_gemm));
  CHECK(!computes_right(gemm, [](Gemm g) {
    --g.m;
    unchecked_openblas_gemm(g);
  }));
}

TEST_CASE("cpu: a kind of product is tried once, and a refused one stays refused") {
  CheckedKinds kinds;
  const Gemm gemm = forms()[0];
  int tried = 0;
  const auto ask = [&](const char* by, const Gemm& g, const Product& product) {
    return kinds.allows(by, small_like(g, 64), [&] {
      ++tried;
      return Trial{small_like(g, 64), product};
    });
  };
  CHECK(ask("a library", gemm, right));
  CHECK(ask("a library", gemm, [](const Gemm&) {}));
  CHECK(tried == 1);
  CHECK(!ask("another", gemm, [](const Gemm&) {}));
  CHECK(!ask("another", gemm, right));
  CHECK(tried == 2);
  Gemm biased = gemm;
  biased.bias = &there_is_one;
  CHECK(ask("another", biased, right));
  CHECK(kinds.checked() == 3);
  CHECK(kinds.refused() == 1);
}

TEST_CASE("cpu: a small product has the form of the one it stands for") {
  Gemm heads;  // [tokens, 12 heads, 64]: q k^T of 200 tokens
  heads.batch = 12;
  heads.m = heads.n = 200;
  heads.k = 64;
  heads.a = {nullptr, 768, 1, 64};
  heads.b = {nullptr, 1, 768, 64};
  heads.out_row = 200;
  heads.out_batch = 40'000;
  heads.scale = 0.125f;
  const Gemm small = small_like(heads, 64);
  CHECK(text_of(small) ==
        "a b^T, 72x64x72, 3 matrices, a's lines of 64 are 192 apart, b's lines of 64 are 192 apart, "
        "scale");
  CHECK(small.a.batch == 64);
  CHECK(small.out_batch == 72 * 72);
  // As long as what a kernel sees of it is the same, the kind is.
  heads.m = heads.n = 1000;
  heads.out_row = 1000;
  heads.out_batch = 1'000'000;
  heads.batch = 36;
  CHECK(numbers_of(small_like(heads, 64)) == numbers_of(small));
  heads.n = 1001;
  heads.out_row = 1001;
  CHECK(numbers_of(small_like(heads, 64)) != numbers_of(small));
}

TEST_CASE("cpu: the libraries of this machine are checked before they are used") {
  const size_t before = checked_kinds().checked();
  Gemm gemm;
  gemm.m = 501, gemm.n = 403, gemm.k = 305;
  std::vector<float> a(static_cast<size_t>(gemm.m * gemm.k), 1), b(static_cast<size_t>(gemm.k * gemm.n), 2),
      out(static_cast<size_t>(gemm.m * gemm.n));
  gemm.a = {a.data(), gemm.k, 1};
  gemm.b = {b.data(), gemm.n, 1};
  gemm.out = out.data();
  gemm.out_row = gemm.n;
  for (int time = 0; time < 3; ++time) {
    CHECK(onednn_gemm(gemm));
    CHECK(openblas_gemm(gemm));
  }
  CHECK(checked_kinds().checked() == before + 2);
  CHECK(out.back() == 610);
}
