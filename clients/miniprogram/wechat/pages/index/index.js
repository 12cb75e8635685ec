const { site } = require("../../config");

// The address is always ours. Nothing that opens this page may name another one: a link that chose
// the code would lead into a stranger's account.
Page({
  data: { address: "", failed: false },

  onLoad() {
    this.enter();
  },

  enter() {
    this.setData({ failed: false });
    wx.login({
      success: ({ code }) =>
        code
          ? this.setData({ address: `${site}/enter/wechat/?code=${encodeURIComponent(code)}` })
          : this.setData({ failed: true }),
      fail: () => this.setData({ failed: true }),
    });
  },
});
