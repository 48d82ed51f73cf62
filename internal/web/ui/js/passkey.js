// Passkeys cannot be used without a script; nothing else on these pages needs one. A form says by data-passkey
// whether a passkey is made ("create") or used ("get"), and by data-begin where the server says what is to be
// signed. What the passkey answers is put into the form's field "answer", and the form is sent as any other.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) {
      for (const known of list || []) known.id = bytes(known.id);
    }
    return options;
  }

  function sendable(credential) {
    const r = credential.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (r[part]) response[part] = text(r[part]);
    }
    if (r.getTransports) response.transports = r.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment || undefined, clientExtensionResults: {},
    });
  }

  const reasons = {
    NotAllowedError: "Nothing was done: it was cancelled, or it took too long. Try again.",
    InvalidStateError: "This device holds a passkey of yours already. Use another device, or sign in with it.",
    SecurityError: "Passkeys do not work at this address. Open the site by its own name.",
    NotSupportedError: "This device cannot hold a passkey. Use another one.",
  };

  async function answer(form) {
    if (!window.PublicKeyCredential) throw new Error("This browser knows no passkeys. Use a newer one.");
    const begun = await fetch(form.dataset.begin, { method: "POST", headers: { Accept: "application/json" } });
    const reply = await begun.json();
    if (!begun.ok) throw new Error([reply.title, reply.detail, reply.cure].filter(Boolean).join(". ").replace(/\.\./g, "."));
    const publicKey = readable(reply);
    return sendable(await (form.dataset.passkey === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[data-problem]");
    const button = form.querySelector("button[type=submit]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.textContent = "";
      button.setAttribute("aria-busy", "true");
      try {
        form.elements.answer.value = await answer(form);
        form.submit();
      } catch (e) {
        problem.textContent = reasons[e.name] || e.message || "This did not work. Try again.";
        button.removeAttribute("aria-busy");
        button.focus();
      }
    });
  }
})();
