// SPDX-License-Identifier: Apache-2.0
// LSTMs against the reference library: torch's, and those with layer norms.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "nn/lstm.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

using Tensors = std::map<std::string, Tensor>;

struct Precision {
  Device device;
  DType dtype;
  double tolerance;  // of the largest magnitude
};
std::vector<Precision> precisions() {
  return {{Device::open("reference"), DType::f64, 1e-9}, {Device::from_environment(), DType::f32, 3e-6}};
}

Tensors goldens(const char* folder) {
  return read_tensors(golden_dir() / folder / "expected.safetensors", Device::open("reference"));
}

void check_close(const std::string& what, const Tensor& got, const Tensor& expected, double tolerance) {
  CAPTURE(what);
  REQUIRE(got.shape() == expected.shape());
  const auto a = got.to_host<double>(), b = expected.to_host<double>();
  double worst = 0, largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  CHECK(worst <= tolerance * largest);
}

// Where a norm divides by a small deviation, f32 has fewer digits left.
constexpr double of_norms = 4;

// [B, S, C] of sequences of one length as rows.
Tensor rows(const Tensor& x) { return x.reshape({x.size(0) * x.size(1), x.size(2)}); }

// One state a layer of [layers, B, H].
Tensor state(const Tensor& all, size_t layer) {
  const auto l = static_cast<int64_t>(layer);
  return all.slice(0, l, l + 1).squeeze(0).contiguous();
}

// The golden's names of a layer's parameters.
const std::map<std::string, std::string> normed_names{
    {"weight_ih_l0", "i2h.weight"},       {"bias_ih_l0", "i2h.bias"},           {"weight_hh_l0", "h2h.weight"},
    {"bias_hh_l0", "h2h.bias"},           {"norm_ih_l0.weight", "ln_i2h.gain"}, {"norm_ih_l0.bias", "ln_i2h.bias"},
    {"norm_hh_l0.weight", "ln_h2h.gain"}, {"norm_hh_l0.bias", "ln_h2h.bias"},   {"norm_c_l0.weight", "ln_cell.gain"},
    {"norm_c_l0.bias", "ln_cell.bias"},
};

}  // namespace

TEST_CASE("pieces: torch's LSTM, its states and gradients") {
  if (!has_golden("pieces")) return;
  const Tensors golden = goldens("pieces");
  for (const Precision& p : precisions()) {
    for (const bool checkpoint : {false, true}) {
      const auto get = [&](const std::string& name) { return golden.at("lstm." + name).to(p.dtype).to(p.device); };
      const Tensor in = get("in");
      LstmOptions options{.in = in.size(2), .hidden = get("out").size(2), .layers = get("h").size(0)};
      options.checkpoint = checkpoint;
      ParameterStore store(p.device, p.dtype);
      const Lstm lstm{Scope(store), options};
      for (const Parameter& parameter : store.all()) {
        parameter.value().copy_from(get("weight." + parameter.name()));
        parameter.train();
      }
      const Variable x = Variable::leaf(rows(in), "x");
      const Segments segments(std::vector<int32_t>(static_cast<size_t>(in.size(0)), static_cast<int32_t>(in.size(1))),
                              p.device);
      const Lstm::Result made = lstm.run(x, segments);
      check_close("out", made.rows.value(), rows(get("out")), p.tolerance);
      for (size_t l = 0; l < made.last.size(); ++l) {
        check_close("h", made.last[l].h.value(), state(get("h"), l), p.tolerance);
        check_close("c", made.last[l].c.value(), state(get("c"), l), p.tolerance);
      }
      backward(sum_all(mul(lstm(x, segments), rows(get("dout")))));
      check_close("din", x.grad(), rows(get("din")), p.tolerance);
      for (const Parameter& parameter : store.all())
        check_close(parameter.name(), parameter.variable().grad(), get("grad." + parameter.name()), p.tolerance);
    }
  }
}

TEST_CASE("pieces: LSTMs with layer norms") {
  if (!has_golden("pieces2")) return;
  const Tensors golden = goldens("pieces2");
  for (const Precision& p : precisions()) {
    for (const std::string kind : {"usual", "paper"}) {
      CAPTURE(kind);
      const auto get = [&](const std::string& name) {
        return golden.at("lnlstm." + kind + "." + name).to(p.dtype).to(p.device);
      };
      const Tensor in = get("x");
      const int64_t hidden = get("h0").size(1);
      ParameterStore store(p.device, p.dtype);
      const Lstm lstm(Scope(store), kind == "paper"
                                        ? LstmOptions::of_lu(in.size(2), hidden, 1)
                                        : LstmOptions{.in = in.size(2), .hidden = hidden, .layer_norm = true});
      for (const Parameter& parameter : store.all()) {
        parameter.value().copy_from(get(normed_names.at(parameter.name())));
        parameter.train();
      }
      const Variable x = Variable::leaf(rows(in), "x"), h0 = Variable::leaf(get("h0"), "h0"),
                     c0 = Variable::leaf(get("c0"), "c0");
      const Segments segments(std::vector<int32_t>(static_cast<size_t>(in.size(0)), static_cast<int32_t>(in.size(1))),
                              p.device);
      const Lstm::Result made = lstm.run(x, segments, {{h0, c0}});
      check_close("out", made.rows.value(), rows(get("out")), of_norms * p.tolerance);
      check_close("h", made.last[0].h.value(), get("h"), of_norms * p.tolerance);
      check_close("c", made.last[0].c.value(), get("c"), of_norms * p.tolerance);
      backward(sum_all(mul(made.rows, rows(get("dout")))));
      check_close("x", x.grad(), rows(get("grad.x")), of_norms * p.tolerance);
      check_close("h0", h0.grad(), get("grad.h0"), of_norms * p.tolerance);
      check_close("c0", c0.grad(), get("grad.c0"), of_norms * p.tolerance);
      for (const auto& [name, of_golden] : normed_names)
        check_close(name, store.find(name).variable().grad(), get("grad." + of_golden), of_norms * p.tolerance);
    }
  }
}
