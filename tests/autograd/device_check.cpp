// SPDX-License-Identifier: Apache-2.0
// A device that computes something else than the reference is found out, and where.
#include "autograd/conformance/device_check.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/backend.h"
#include "tests/ops/default_bodies.h"

using namespace thaw;

namespace {

// The reference, but: erf is a bit off, sgd throws, argmax gives each time another number; it holds no f16.
struct Faulty : ops::DefaultBodies {
  using DefaultBodies::DefaultBodies;
  bool supports(DType dtype) const override { return dtype != DType::f16 && DefaultBodies::supports(dtype); }
  void unary(UnaryOp op, const View& out, const View& x, UnaryParams params) override {
    DefaultBodies::unary(op, out, x, params);
    if (op == UnaryOp::erf) fill({out.block, out.offset, {}, {}, out.dtype}, 0.5);
  }
  void argmax(const View& out, const View&) override { fill(out, ++calls_); }
  void sgd(const SgdArgs&) override { throw std::runtime_error("no sgd yet"); }

 private:
  double calls_ = 0;
};

std::string what_of(const DeviceCheck& check, const std::string& op) {
  for (const WrongOp& wrong : check.wrong)
    if (wrong.op == op) return wrong.what;
  return "";
}

}  // namespace

TEST_CASE("device check: the reference agrees with itself") {
  const DeviceCheck check = check_device(Device::open("reference"));
  CHECK(check.wrong == std::vector<WrongOp>());
  CHECK(check.checked > 150);
  CHECK(check.skipped == 0);
}

TEST_CASE("device check: what is wrong is named, with its largest difference") {
  Faulty faulty(Device::open("reference").backend());
  const DeviceCheck check = check_device(Device(faulty));
  CHECK(check.skipped >= 2);
  CHECK(what_of(check, "erf").starts_with("value [3, 5, 7] at [0, 0, 0] is 0.5, not "));
  CHECK(what_of(check, "erf").find(" at most") != std::string::npos);
  CHECK(what_of(check, "argmax").starts_with("value ["));
  CHECK(what_of(check, "sgd") == "no sgd yet");
  CHECK(what_of(check, "gelu") == "");
  CHECK(what_of(check, "matmul NN") == "");
  std::string names;
  for (const WrongOp& wrong : check.wrong) names += wrong.op + "; ";
  CHECK(names ==
        "erf; max over the last axis; max over the first axis; argmax; argmax of equal numbers; sgd; sgd with "
        "momentum; sgd, nesterov; ");
}
