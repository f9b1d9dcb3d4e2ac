// SPDX-License-Identifier: Apache-2.0
// Fourth check of a row: whatever inputs are frozen, the other gradients keep their bits; each frozen input saves
// something, and no launch, product, operation or kept byte comes in.
#include "autograd/tape.h"
#include "tests/op_table.h"

namespace thaw::ops {
namespace {

std::string text_of(const Result& cost) {
  return fmt::format("{} launches, {} products, {} operations, {} bytes kept, {} allocations", cost.launches,
                     cost.matmuls, cost.flops, cost.kept_bytes, cost.allocations);
}

bool no_more(const Result& cost, const Result& before) {
  return cost.launches <= before.launches && cost.matmuls <= before.matmuls && cost.flops <= before.flops &&
         cost.kept_bytes <= before.kept_bytes && cost.allocations <= before.allocations;
}

Saving saving_of(const Result& cost, const Result& before) {
  if (cost.launches < before.launches || cost.flops < before.flops || cost.kept_bytes < before.kept_bytes)
    return Saving::work;
  return cost.allocations < before.allocations ? Saving::memory : Saving::nothing;
}

const char* name_of(Saving saving) {
  return saving == Saving::work ? "work" : saving == Saving::memory ? "its gradient's memory alone" : "nothing";
}

}  // namespace

std::string freezing_fault(Saving stated, bool alone, const Result& cost, const Result& before) {
  const Saving saving = saving_of(cost, before);
  const std::string costs = fmt::format("{} instead of {}", text_of(cost), text_of(before));
  if (!no_more(cost, before)) return fmt::format("costs something: {}", costs);
  if (alone && saving != stated)
    return fmt::format("saves {}, where {} was to be saved: {}", name_of(saving), name_of(stated), costs);
  if (saving == Saving::nothing && stated != Saving::nothing) return fmt::format("saves nothing: {}", costs);
  return {};
}

void check_freezing(const OpCase& row) {
  std::vector<size_t> inputs;
  for (size_t i = 0; i < row.inputs.size(); ++i)
    if (!row.inputs[i].constant) inputs.push_back(i);
  for (const Device device : devices_under_test(row)) {
    Setting setting{device, DType::f32, Layout::contiguous, {}, {}};
    const Result all = run(row, setting);
    std::vector<Result> costs{all};  // by subset of frozen inputs
    for (size_t subset = 1; subset < size_t{1} << inputs.size(); ++subset) {
      setting.frozen.assign(row.inputs.size(), false);
      Result wanted = all;
      for (size_t bit = 0; bit < inputs.size(); ++bit)
        if (subset >> bit & 1) {
          setting.frozen[inputs[bit]] = true;
          wanted.gradients[inputs[bit]] = {};
        }
      costs.push_back(run(row, setting));
      const Result& got = costs.back();
      const std::string where = setting.to_string(row);
      expect_same_bits(row, where, got, wanted);
      for (size_t bit = 0; bit < inputs.size(); ++bit)
        if (const size_t before = subset & ~(size_t{1} << bit); before != subset) {
          const auto stated = row.limits.saves.find(inputs[bit]);
          const std::string fault = freezing_fault(stated == row.limits.saves.end() ? Saving::work : stated->second,
                                                   before == 0, got, costs[before]);
          expect(row, fault.empty(), fmt::format("{}: to freeze {} {}", where, row.input_name(inputs[bit]), fault));
        }
      if (subset + 1 == size_t{1} << inputs.size())
        expect(row, !got.tracked && got.kept_bytes == 0,
               fmt::format("{}: {} bytes kept with everything frozen", where, got.kept_bytes));
    }
  }
}

TEST_CASE("the op table finds a function that computes gradients of frozen inputs") {
  const auto costs = [](const Function& f, std::vector<bool> frozen) {
    const OpCase row("a product", {uniform(5, 7), uniform(5, 7)}, f);
    return run(row, {Device::open("reference"), DType::f32, Layout::contiguous, {}, std::move(frozen)});
  };
  const Function wasteful = [](const Inputs& in) {
    const Tensor a = in[0].value(), b = in[1].value();
    return record_joint("product", mul(a, b), in.all(), [a, b](const Tensor& dy) {
      return std::vector<Tensor>{mul(dy, b), mul(dy, a)};
    });
  };
  const Function thrifty = [](const Inputs& in) { return mul(in[0], in[1]); };
  const Result waste = costs(wasteful, {}), thrift = costs(thrifty, {});
  for (const bool first : {true, false}) {
    const std::vector<bool> frozen{first, !first};
    CHECK(freezing_fault(Saving::work, true, costs(thrifty, frozen), thrift) == "");
    CHECK(freezing_fault(Saving::memory, true, costs(thrifty, frozen), thrift).starts_with("saves work, where"));
    CHECK(freezing_fault(Saving::work, true, costs(wasteful, frozen), waste).starts_with("saves nothing, where work"));
    CHECK(freezing_fault(Saving::work, false, costs(wasteful, frozen), waste).starts_with("saves nothing: "));
    CHECK(freezing_fault(Saving::work, true, thrift, costs(thrifty, frozen)).starts_with("costs something: "));
  }
}

}  // namespace thaw::ops
