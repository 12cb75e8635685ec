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
    // auth_base asks for the person's number at this mini-program and for nothing else about her.
    my.getAuthCode({
      scopes: "auth_base",
      success: ({ authCode }) =>
        authCode
          ? this.setData({ address: `${site}/enter/alipay/?code=${encodeURIComponent(authCode)}` })
          : this.setData({ failed: true }),
      fail: () => this.setData({ failed: true }),
    });
  },
});
