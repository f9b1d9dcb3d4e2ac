// SPDX-License-Identifier: Apache-2.0
// Products, reductions, copies and rows at odd sizes and strides, against the reference device.
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::check_both;
using test::random_tensor;

TEST_CASE("cpu products: strides, batches, epilogues, half types") {
  struct Case {
    Shape a, b;
    bool turn_a, turn_b;
  };
  const std::vector<Case> cases{{{5, 7}, {7, 3}, false, false},          {{33, 17}, {65, 17}, false, true},
                                {{17, 33}, {17, 65}, true, false},       {{1, 40}, {40, 1}, false, false},
                                {{1, 1}, {1, 9}, false, false},          {{9, 1}, {1, 1}, false, false},
                                {{4, 6, 5}, {5, 3}, false, false},       {{4, 6, 5}, {4, 3, 5}, false, true},
                                {{2, 1, 6, 5}, {3, 5, 4}, false, false}, {{2, 3, 6, 5}, {2, 3, 6, 4}, true, false},
                                {{130, 200}, {200, 150}, false, false}};
  for (size_t i = 0; i < cases.size(); ++i) {
    for (const DType dtype : {DType::f32, DType::bf16, DType::f16}) {
      check_both(fmt::format("case {} of {}", i, name_of(dtype)), [&](Device device) {
        Tensor a = random_tensor(cases[i].a, device, 1).to(dtype), b = random_tensor(cases[i].b, device, 2).to(dtype);
        if (cases[i].turn_a) a = a.transpose();
        if (cases[i].turn_b) b = b.transpose();
        const Tensor bias = random_tensor({b.size(-1)}, device, 3);
        Tensor pre, plain_pre;
        std::vector<Tensor> all{matmul(a, b), matmul(a, b, {0.5, bias, UnaryOp::gelu, &pre, true}),
                                matmul(a, b, {1, bias, UnaryOp::identity, nullptr, true}),
                                matmul(a, b, {1, {}, UnaryOp::identity, &plain_pre})};
        matmul_add_(all[0], a, b, 1);
        matmul_add_(all[0], a, b, -0.3);
        all.push_back(pre);
        all.push_back(plain_pre);
        return all;
      });
    }
  }
  check_both("strides that no library takes", [](Device device) {
    const Tensor a = random_tensor({3, 8, 2, 10}, device, 1).slice(2, 0, 1).squeeze(2),
                 b = random_tensor({10, 6, 3}, device, 2).slice(2, 1, 2).squeeze(2);
    const Tensor one = random_tensor({1, 10}, device, 3).expand({4, 10});
    return std::vector<Tensor>{matmul(a, b), matmul(one, b), matmul(a.transpose(0, 1), b),
                               matmul(random_tensor({4, 0}, device, 1), random_tensor({0, 3}, device, 1))};
  });
}

TEST_CASE("cpu reductions over any axes") {
  const std::vector<Shape> shapes{{7},        {40000},      {3, 5},         {300, 70}, {70, 300},
                                  {4, 3, 33}, {2, 3, 4, 5}, {2, 65, 3, 17}, {5, 1, 3}, {0, 4}};
  for (const Shape& shape : shapes)
    for (int mask = 0; mask < (1 << shape.rank()); ++mask)
      for (const ReduceOp op : {ReduceOp::sum, ReduceOp::max, ReduceOp::min})
        check_both(shape.to_string() + " mask " + std::to_string(mask), [&](Device device) {
          std::vector<int> axes;
          for (int axis = 0; axis < shape.rank(); ++axis)
            if (mask >> axis & 1) axes.push_back(axis);
          const Tensor x = random_tensor(shape, device, 1);
          std::vector<Tensor> all{reduce(op, x, axes, false, 0.5)};
          if (shape.rank() == 3) all.push_back(reduce(op, x.permute({2, 0, 1}), axes));
          if (shape.rank() == 2) all.push_back(reduce(op, x.transpose(), axes));
          return all;
        });
}

TEST_CASE("cpu copies and pointwise functions over strides and types") {
  check_both("copies", [](Device device) {
    const Tensor x = random_tensor({3, 70, 50}, device, 1, -300, 300);
    std::vector<Tensor> all{x.permute({2, 0, 1}).contiguous(),
                            x.permute({0, 2, 1}).contiguous(),
                            x.permute({1, 0, 2}).contiguous(),
                            x.slice(2, 3, 9).clone(),
                            x.slice(0, 1, 2).expand({4, 70, 50}).clone(),
                            x.permute({2, 1, 0}).to(DType::bf16),
                            x.to(DType::f16).permute({1, 2, 0}).to(DType::f32),
                            x.to(DType::i32),
                            x.to(DType::u8).to(DType::i32),
                            x.to(DType::i32).to(DType::u8).to(DType::f32),
                            x.to(DType::i32).to(DType::bf16)};
    const Tensor spread = Tensor::zeros({50, 3, 70}, DType::f32, device);
    spread.permute({1, 2, 0}).copy_from(x);
    all.push_back(spread);
    spread.slice(2, 3, 7).fill_(-2.5);
    all.push_back(spread);
    return all;
  });
  for (uint32_t op = 0; op < unary_op_count; ++op)
    check_both("unary " + std::to_string(op), [&](Device device) {
      const Tensor x = random_tensor({37, 29}, device, 1, 0.01, 5), dy = random_tensor({29, 37}, device, 2);
      const UnaryParams params{0.7f, 1.5f};
      return std::vector<Tensor>{unary(static_cast<UnaryOp>(op), x, params),
                                 unary_backward(static_cast<UnaryOp>(op), dy.transpose(), x, params),
                                 unary(static_cast<UnaryOp>(op), x.slice(1, 2, 5), params)};
    });
  for (uint32_t op = 0; op < binary_op_count; ++op)
    check_both("binary " + std::to_string(op), [&](Device device) {
      const Tensor x = random_tensor({6, 37, 129}, device, 1), row = random_tensor({129}, device, 2),
                   column = random_tensor({37, 1}, device, 3);
      const Tensor all = random_tensor({129, 6, 37}, device, 4).permute({1, 2, 0});
      const BinaryOp f = static_cast<BinaryOp>(op);
      return std::vector<Tensor>{binary(f, x, row),
                                 binary(f, column, x),
                                 binary(f, x, all),
                                 binary(f, row, column),
                                 binary(f, x.slice(2, 0, 3), x.slice(2, 5, 8)),
                                 where(binary(BinaryOp::less, x, row), all, column)};
    });
  check_both("random", [](Device device) {
    const Tensor x = random_tensor({19, 131}, device, 1);
    return std::vector<Tensor>{uniform({1001}, {5, 6}, DType::f32, device), dropout(x, {0.3f, {1, 2}}),
                               dropout(x, {0.3f, {1, uint64_t{1} << 40}}, x), dropout(x.transpose(), {0.9f, {1, 2}})};
  });
}

TEST_CASE("cpu rows and softmax") {
  check_both("rows", [](Device device) {
    const Tensor table = random_tensor({11, 70}, device, 1);
    const Indices ids({3, 3, 0, 10, 3, 7}, device), some({3, -1, 3, 11, 0, 3}, device);
    const Tensor rows = random_tensor({6, 70}, device, 2, -100, 100);
    const Tensor sum = table.clone();
    scatter_add_rows_(sum, rows, some);
    scatter_add_rows_(sum.slice(1, 5, 6), rows.slice(1, 0, 1), ids);
    return std::vector<Tensor>{gather_rows(table, ids),
                               gather_rows(table.slice(1, 2, 40), ids),
                               sum,
                               argmax(table),
                               argmax(table.transpose()),
                               argmax(random_tensor({4, 3, 2, 5000}, device, 5).permute({2, 0, 1, 3}))};
  });
  for (const int64_t n : {1, 3, 8, 100, 4099})
    check_both(fmt::format("softmax {}", n), [&](Device device) {
      const Tensor x = random_tensor({5, 3, n}, device, 1, -30, 30), dy = random_tensor({5, 3, n}, device, 2);
      const Tensor y = softmax(x);
      return std::vector<Tensor>{y, softmax_backward(dy, y), softmax(x.transpose(0, 1)), softmax(x.transpose(1, 2)),
                                 softmax_backward(dy.transpose(0, 2), y.transpose(0, 2))};
    });
}
